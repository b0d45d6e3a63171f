/** Source distributions, and what builds them. */
import { gzipSync } from "node:zlib";
import { type MintedWheel, mintWheel, sha256Hex } from "@pubpin/test-kit/node";

/** A source distribution. */
export interface MintedSdist {
  readonly filename: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/** The variable that names the file in which whatever runs while building leaves a line. */
export const MARK = "BUILD_MARK";

/**
 * A build backend (PEP 517, PEP 660) that notes each run. What it builds has one module, which says
 * who built it.
 */
function backendCode(who: string): string {
  return `import base64, hashlib, os, re, zipfile

with open(os.environ.get("${MARK}", os.devnull), "a") as f:
    f.write("${who}\\n")

def _build(folder, files):
    text = open("pyproject.toml").read()
    name, version = (re.search(k + r' *= *"(.*)"', text).group(1) for k in ("name", "version"))
    base = f"{name.replace('-', '_')}-{version}"
    info = base + ".dist-info"
    files = files(name) | {
        info + "/METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
        info + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    record = ""
    with zipfile.ZipFile(os.path.join(folder, base + "-py3-none-any.whl"), "w") as z:
        for path, content in files.items():
            data = content.encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(data)}\\n"
            z.writestr(path, data)
        z.writestr(info + "/RECORD", record + info + "/RECORD,,\\n")
    return base + "-py3-none-any.whl"

def build_wheel(folder, config_settings=None, metadata_directory=None):
    return _build(folder, lambda name: {name + ".py": 'built_by = "${who}"\\n'})

def build_editable(folder, config_settings=None, metadata_directory=None):
    return _build(folder, lambda name: {"_" + name + ".pth": os.getcwd() + "\\n"})
`;
}

/** A wheel whose module of the same name is such a backend. */
export function mintBackend(name: string, who: string, version = "1.0"): MintedWheel {
  return mintWheel({ name, version, files: { [`${name}.py`]: backendCode(who) } });
}

/** A project's pyproject.toml, built by a package of an index, or by a module of its own. */
export function buildTable(backend: string | null): string {
  return backend === null
    ? `[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n`
    : `[build-system]\nrequires = ["${backend}"]\nbuild-backend = "${backend}"\n`;
}

/** How a source distribution is built. */
export interface SdistOptions {
  /** A package of an index; by default it brings its own backend. */
  readonly backend?: string | null;
  /** What its own backend says; by default its name. */
  readonly who?: string;
}

/** The files of a source distribution. */
export function sdistFiles(
  name: string,
  version: string,
  { backend = null, who = name }: SdistOptions = {},
): readonly (readonly [path: string, text: string])[] {
  // Without a table of its own uv has to ask the backend what the project is.
  const table = backend === null ? "tool.made" : "project";
  const project = `[${table}]\nname = "${name}"\nversion = "${version}"\n`;
  return [
    ["PKG-INFO", `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`],
    ["pyproject.toml", project + buildTable(backend)],
    ...(backend === null ? ([["own.py", backendCode(who)]] as const) : []),
  ];
}

/** A source distribution. */
export function mintSdist(name: string, version: string, options: SdistOptions = {}): MintedSdist {
  const folder = `${name}-${version}`;
  const files = sdistFiles(name, version, options);
  const entries = files.map(([path, text]) => tarEntry(`${folder}/${path}`, text));
  const bytes = new Uint8Array(gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)])));
  return { filename: `${folder}.tar.gz`, bytes, sha256: sha256Hex(bytes) };
}

/** A file of a tar archive (POSIX.1-1988, ustar). */
function tarEntry(path: string, text: string): Buffer {
  const data = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${data.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        0", 148);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}
