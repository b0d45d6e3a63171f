/** A small change for each thing that the hook says: what docs/hook shows of it is what it prints. */
import {
  type FileContent,
  type GitFolder,
  type GitRepository,
  type MintedPackage,
  mintPins,
  mintUvLock,
  type ProgramEnd,
} from "@pubpin/test-kit/node";

type Files = Readonly<Record<string, FileContent>>;

/** What is committed, what is staged after that, and how the hook is run. */
export interface Refusal {
  readonly code: string;
  readonly before: () => Promise<Files> | Files;
  readonly staged: (before: Files) => Promise<Files> | Files;
  readonly parameters?: readonly string[];
  /** More that is done once all is staged. */
  readonly afterwards?: (repository: GitRepository) => Promise<void>;
}

const PINS = ".provenance.txt";
const IDNA = { name: "idna", version: "3.10" };
const H11 = { name: "h11", version: "0.16.0" };

function lockOf(...packages: readonly MintedPackage[]): string {
  return mintUvLock(packages);
}

/** A lock with everything that is to be said of it. */
async function recorded(...packages: readonly MintedPackage[]): Promise<Files> {
  const lock = lockOf(...packages);
  return { "uv.lock": lock, [PINS]: await mintPins({ "uv.lock": lock }) };
}

function textOf(files: Files, name: string): string {
  const content = files[name];
  return typeof content === "string" ? content : "";
}

/** The pins as they are, with lines replaced, added or taken away. */
function edited(files: Files, edit: (lines: readonly string[]) => readonly string[]): string {
  const lines = textOf(files, PINS).trimEnd().split("\n");
  return `${edit(lines).toSorted().join("\n")}\n`;
}

const usual = (): Promise<Files> => recorded(IDNA);

/** Everything that can be shown in a small repository. */
export const REFUSALS: readonly Refusal[] = [
  {
    code: "LOCK_DIGEST_MISMATCH",
    before: usual,
    staged: () => ({ "uv.lock": lockOf({ ...IDNA, version: "3.11" }) }),
  },
  {
    code: "PACKAGE_NOT_RECORDED",
    before: usual,
    staged: async (before) => {
      const lock = lockOf(IDNA, H11);
      const pins = await mintPins({ "uv.lock": lock }, { before: textOf(before, PINS) });
      const lines = pins.split("\n").filter((line) => !line.startsWith("h11 "));
      return { "uv.lock": lock, [PINS]: lines.join("\n") };
    },
  },
  {
    code: "LOCK_NOT_RECORDED",
    before: usual,
    staged: () => ({ "tools/uv.lock": lockOf(IDNA) }),
  },
  {
    code: "LOCK_DIGEST_PREPARED",
    before: async () => {
      const { [PINS]: pins = "" } = await recorded({ ...IDNA, version: "3.11" });
      return { "uv.lock": lockOf(IDNA), [PINS]: pins };
    },
    staged: () => ({ "uv.lock": lockOf({ ...IDNA, version: "3.11" }) }),
  },
  {
    code: "LOCK_LOST",
    before: usual,
    staged: (before) => ({ "uv.lock": null, "uv.lock.txt.bak": textOf(before, "uv.lock") }),
  },
  {
    code: "PINS_STILL_NEEDED",
    before: () => recorded(IDNA, H11),
    staged: (before) => ({
      [PINS]: edited(before, (lines) => lines.filter((line) => !line.startsWith("h11 "))),
    }),
  },
  {
    code: "PATH_NOT_A_FILE",
    before: usual,
    staged: () => ({ "uv.lock": { linkTo: "../elsewhere/uv.lock" } }),
  },
  {
    code: "PATH_UNMERGED",
    before: usual,
    staged: () => ({}),
    afterwards: async (repository) => {
      await repository.must("checkout", "--quiet", "-b", "other");
      await repository.commitUnchecked({ "uv.lock": lockOf({ ...IDNA, version: "3.11" }) });
      await repository.must("checkout", "--quiet", "main");
      await repository.commitUnchecked({ "uv.lock": lockOf({ ...IDNA, version: "3.9" }) });
      await repository.git("merge", "other");
    },
  },
  {
    code: "LOCK_INVALID",
    before: usual,
    staged: (before) => ({
      "uv.lock": `${textOf(before, "uv.lock")}<<<<<<< HEAD\n=======\n>>>>>>> other\n`,
    }),
  },
  {
    code: "LOCK_UNSUPPORTED",
    before: usual,
    staged: (before) => ({
      "uv.lock": textOf(before, "uv.lock").replace("version = 1\n", "version = 9\n"),
    }),
  },
  {
    code: "LOCK_UNKNOWN_NAME",
    before: usual,
    staged: (before) => ({
      [PINS]: edited(before, (lines) => [...lines, `#lock:uv.text  v1-sha256:${"0".repeat(64)}`]),
    }),
  },
  {
    code: "PINS_INVALID",
    before: usual,
    staged: (before) => ({
      [PINS]: `idna https://github.com/octo/idna twice\n${textOf(before, PINS)}`,
    }),
  },
  {
    code: "HASH_UNUSABLE",
    before: usual,
    staged: async () => {
      const filename = "idna-3.10-py3-none-any.whl";
      return recorded({ ...IDNA, files: [{ filename, sha256: null }] });
    },
  },
  {
    code: "FILE_MISMATCH",
    before: usual,
    staged: async () => {
      const filename = "h11-0.16.0-py3-none-any.whl";
      return recorded({ ...IDNA, files: [{ filename, sha256: "5".repeat(64) }] });
    },
  },
  {
    code: "FILE_CHANGED",
    before: usual,
    staged: (before) => ({
      [PINS]: edited(before, (lines) => [
        ...lines,
        `#file:idna-3.10-py3-none-any.whl  sha256:${"5".repeat(64)}`,
      ]),
    }),
  },
  {
    code: "SOURCE_CHANGED",
    before: usual,
    staged: (before) => ({
      [PINS]: edited(before, (lines) => [
        ...lines,
        "#source:idna  git+https://github.com/octo/idna",
      ]),
    }),
  },
  {
    code: "INDEX_CHANGED",
    before: usual,
    staged: (before) => ({
      [PINS]: edited(before, (lines) => [...lines, "#index:idna  https://pypi.example.org/simple"]),
    }),
  },
  {
    code: "UNSIGNED",
    before: usual,
    staged: async (before) => {
      const lock = lockOf(IDNA, H11);
      const more = { before: textOf(before, PINS), line: "unsigned" } as const;
      return { "uv.lock": lock, [PINS]: await mintPins({ "uv.lock": lock }, more) };
    },
    parameters: ["--strict"],
  },
  {
    code: "NOT_FROM_INDEX",
    before: usual,
    staged: async (before) => {
      const source = `{ git = "https://github.com/octo/h11#${"1".repeat(40)}" }`;
      const lock = lockOf(IDNA, { ...H11, source });
      const pins = await mintPins({ "uv.lock": lock }, { before: textOf(before, PINS) });
      const lines = pins.split("\n").filter((line) => !line.startsWith("#source:"));
      return { "uv.lock": lock, [PINS]: lines.join("\n") };
    },
    parameters: ["--strict"],
  },
  {
    code: "PINS_WEAKENED",
    before: usual,
    staged: (before) => ({
      [PINS]: edited(before, (lines) => [
        ...lines,
        "#also:idna:2  https://github.com/somebody/idna",
      ]),
    }),
  },
  {
    code: "PINS_NOT_COMPARABLE",
    before: async () => {
      const files = await recorded(IDNA);
      return { ...files, [PINS]: `<<<<<<< HEAD\n${textOf(files, PINS)}` };
    },
    staged: () => recorded(IDNA),
  },
  {
    code: "LOCK_NOT_GOVERNED",
    before: async () => ({ [`api/${PINS}`]: textOf(await recorded(), PINS) }),
    staged: () => ({ "web/uv.lock": lockOf(IDNA) }),
  },
  {
    code: "USAGE_INVALID",
    before: usual,
    staged: () => ({
      "pyproject.toml": "[tool.pubpin]\nstrikt = true\n",
      "uv.lock": lockOf({ ...IDNA, version: "3.11" }),
    }),
  },
  {
    code: "HISTORY_INCOMPLETE",
    before: usual,
    staged: () => ({}),
    parameters: ["--from-ref", "origin/main", "--to-ref", "HEAD"],
  },
];

/** What the hook says of such a change. */
export async function refusalOf(
  git: GitFolder,
  program: string,
  { before, staged, afterwards, parameters = [] }: Refusal,
): Promise<ProgramEnd> {
  const repository = await git.newRepository();
  const files = await before();
  await repository.commitUnchecked(files);
  await repository.stage(await staged(files));
  await afterwards?.(repository);
  return repository.run(process.execPath, [program, ...parameters]);
}
