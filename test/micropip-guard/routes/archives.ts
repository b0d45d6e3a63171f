/** Archives of every format, for every place. */
import { expect, test } from "vitest";
import type { Guarded } from "../support/interpreter.ts";
import type { Setting } from "./setting.ts";

/** Where archives land, as Python code. */
export const PLACES = [
  [
    "in every folder of sys.path",
    "[each or '.' for each in sys.path if not each.endswith('.zip')]",
  ],
  [
    "below it",
    "[os.path.join(each or '.', 'folder') for each in sys.path if not each.endswith('.zip')]",
  ],
  ["among the libraries", "['/usr/lib', '/lib', '/lib/folder']"],
  ["through a link", "[link('/tmp/link', SITE)]"],
] as const;

/** Members of an archive that climb out of where it is unpacked, or hide where they land. */
export const MEMBERS = [
  ["a path that climbs", "tar", ["../lib/evil.py"]],
  ["an absolute path", "tar", ["/lib/evil.py"]],
  ["a symbolic link", "tar", ["link -> /lib", "notes.txt"]],
  ["a hard link", "tar", ["notes.txt", "link => notes.txt"]],
  ["a folder of metadata", "zip", ["evil-1.0.dist-info/METADATA"]],
  ["a hidden folder of metadata", "zip", ["./evil-1.0.dist-info/METADATA"]],
] as const;

/** Packs members and offers them to the unpacker, in each place and format. */
const ATTEMPT_ALL = `
import io, json, os, shutil, sys, tarfile, zipfile
from micropip_guard import ProvenanceError
from pyodide._package_loader import unpack_buffer
from pyodide.ffi import to_js

def link(path, target):
    if not os.path.islink(path):
        os.symlink(target, path)
    return path

def pack(format, members):
    data = io.BytesIO()
    if format == "zip":
        with zipfile.ZipFile(data, "w") as archive:
            for each in members:
                archive.writestr(each, "print('evil')")
        return data.getvalue()
    modes = {"tar": "", "gztar": "gz", "bztar": "bz2", "xztar": "xz", "zstdtar": "zst"}
    with tarfile.open(fileobj=data, mode="w:" + modes[format]) as archive:
        for each in members:
            name, arrow, target = each.partition(" -> " if " -> " in each else " => ")
            member = tarfile.TarInfo(name)
            member.linkname = target
            if arrow:
                member.type = tarfile.SYMTYPE if arrow == " -> " else tarfile.LNKTYPE
            else:
                member.size = 13
            archive.addfile(member, io.BytesIO(b"print('evil')"))
    return data.getvalue()

def attempt_all(places, members, only):
    known = [name for name, *_ in shutil.get_unpack_formats() if name != "whl"]
    outcomes = []
    for place in places:
        for format in known if only is None else [only]:
            code = None
            try:
                unpack_buffer(to_js(pack(format, members)), format=format, extract_dir=place)
            except ProvenanceError as error:
                code = error.code
            outcomes.append({"place": place, "format": format, "code": code})
    return json.dumps(outcomes)
`;

/** What became of an archive in a place. */
export interface Outcome {
  readonly place: string;
  readonly format: string;
  readonly code: string | null;
}

/** Python that offers archives with these members to the unpacker; outcomes in JSON. */
export function attempts(
  places: string,
  members: readonly string[],
  only: string | null = null,
): string {
  const chosen = only === null ? "None" : JSON.stringify(only);
  return `${ATTEMPT_ALL}\nattempt_all(${places}, ${JSON.stringify(members)}, ${chosen})`;
}

async function attemptAll(
  { py }: Guarded,
  ...given: Parameters<typeof attempts>
): Promise<readonly Outcome[]> {
  return JSON.parse((await py.runPythonAsync(attempts(...given))) as string) as Outcome[];
}

/** The gate goes by where an archive would land, not by what it calls itself. */
export function describeArchives({ guarded, expectNothingInstalled }: Setting): void {
  test.each(PLACES)("the gate stops archives of every format %s", async (_where, places) => {
    const outcomes = await attemptAll(guarded(), places, ["evil.py"]);
    const codes = outcomes.map(({ code }) => code);
    expect(codes).toEqual(codes.map(() => "NOT_FROM_INDEX"));
    expect(codes.length).toBeGreaterThan(3);
    expectNothingInstalled();
  });

  test.each(MEMBERS)("the gate stops archives with %s", async (_what, format, members) => {
    const outcomes = await attemptAll(guarded(), '["/data"]', members, format);
    expect(outcomes.map(({ code }) => code)).toEqual(["NOT_FROM_INDEX"]);
    expectNothingInstalled();
  });

  test("archives of every format may be unpacked where Python does not look", async () => {
    const outcomes = await attemptAll(guarded(), '["/data"]', ["numbers/a.csv", "notes.txt"]);
    expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => null));
    const { py } = guarded();
    expect(py.runPython("import os; os.path.exists('/data/numbers/a.csv')")).toBe(true);
    expectNothingInstalled();
  });
}
