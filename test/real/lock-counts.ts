/** Counts what stands in a lock without parsing it, to compare with what a reader finds. */

/** How many entries and files a lock should have. */
export interface LockCounts {
  readonly entries: number;
  readonly files: number;
}

const PDM_METADATA = "\n[tool.pdm]";

/** Counts by patterns that know nothing of a format but how its tools lay it out. */
export function roughCounts(path: string, text: string): LockCounts {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === "uv.lock") {
    return {
      entries: count(text, /^\[\[package\]\]$/gm),
      files: count(text, /^(?:sdist = | {4})\{ (?:url|filename) = /gm),
    };
  }
  if (name.startsWith("pylock.")) {
    const [packages = ""] = text.split(PDM_METADATA);
    return {
      entries: count(packages, /^\[\[packages\]\]$/gm),
      files: count(packages, /\bsha256 = "/g),
    };
  }
  if (name === "poetry.lock" || name === "pdm.lock") {
    return ofBlocks(text.split("[[package]]"), text);
  }
  if (name === "Pipfile.lock") {
    const packages = text.slice(text.indexOf('    "default": {'));
    return ofHashes(packages.split(/^ {8}"(?=[^"]+": \{$)/m));
  }
  if (name.startsWith("pyodide-lock")) {
    const files = count(text, /"file_name":/g);
    return { entries: files, files };
  }
  if (name === "pixi.lock") return ofPixi(text);
  const joined = text.replaceAll("\\\n", " ").replaceAll(/^ *#.*$/gm, "");
  return ofHashes(["", ...joined.split("\n").filter((line) => !/^\s*$|^--/.test(line))]);
}

/** Entries by name and version, which pdm repeats; files by name. */
function ofBlocks([, ...blocks]: readonly string[], text: string): LockCounts {
  const entries = blocks.map((block) => {
    const [name] = /^name = .*$/m.exec(block) ?? [];
    const [version] = /^version = .*$/m.exec(block) ?? [];
    return `${name} ${version}`;
  });
  const files = [...text.matchAll(/\{file = "([^"]+)"/g)].map(([, file]) => file);
  return { entries: new Set(entries).size, files: new Set(files).size };
}

/** Entries by their first word and version, and the hashes of each. */
function ofHashes([, ...blocks]: readonly string[]): LockCounts {
  const entries = new Map<string, Set<string>>();
  for (const block of blocks) {
    const [name = ""] = /^[^"\s=;[]+(?: [^"\s]+)?/.exec(block) ?? [];
    const [version = ""] = /==[^"\s;]+/.exec(block) ?? [];
    const hashes = entries.get(name + version) ?? new Set();
    for (const [hash] of block.matchAll(/sha256:[0-9a-f]{64}/g)) hashes.add(hash);
    entries.set(name + version, hashes);
  }
  const files = [...entries.values()].map((hashes) => hashes.size);
  return { entries: entries.size, files: files.reduce((sum, each) => sum + each, 0) };
}

function ofPixi(text: string): LockCounts {
  const blocks = text.split(/^- /m).filter((block) => block.startsWith("pypi: "));
  const entries = blocks.map((block) => /^ {2}name: .*\n(?: {2}version: .*)?/m.exec(block)?.[0]);
  return {
    entries: new Set(entries).size,
    files: blocks.filter((block) => block.includes("\n  sha256: ")).length,
  };
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
