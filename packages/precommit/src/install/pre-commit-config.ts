/** The configuration of pre-commit and prek (pre-commit.com, "Adding pre-commit plugins"). */
import { type BlockPlace, FRAMES, withBlock } from "./block.ts";
import type { HookName } from "./shell.ts";
import { listIn, type Mapping, type StructuredEdit } from "./structured.ts";
import { endOf, findBlock, levelOf, yamlLines } from "./yaml-lines.ts";

/** Where pre-commit and prek get the hook from. */
export type HookSource =
  /** A repository of Git that they install: its packed root. */
  | { readonly url: string; readonly revision: string }
  /** A program that is there already. */
  | { readonly program: string };

/** The entry of the hook, as data. */
export function preCommitEntry(source: HookSource, hooks: readonly HookName[]): Mapping {
  const stages = [...hooks, "manual"];
  if ("url" in source) {
    return { repo: source.url, rev: source.revision, hooks: [{ id: "pubpin", stages }] };
  }
  const hook = {
    id: "pubpin",
    name: "pubpin",
    entry: source.program,
    language: "system",
    always_run: true,
    pass_filenames: false,
    require_serial: true,
    stages,
  };
  return { repo: "local", hooks: [hook] };
}

/** How the entry is put into `.pre-commit-config.yaml`. */
export function yamlEdit(entry: Mapping): Pick<StructuredEdit, "edit" | "expected" | "advice"> {
  const lines = yamlEntry(entry);
  return {
    advice: lines.map((line) => `  ${line}`).join("\n"),
    expected: (before) => withRepository(before, entry),
    edit: (text, isOwn) => {
      const repos = findBlock(yamlLines(text), "repos");
      if (repos === null) return null;
      const level = repos.lines.length === 0 ? 2 : levelOf(repos.lines);
      const place: BlockPlace = {
        at: endOf(repos),
        comment: "#",
        indent: " ".repeat(level),
        isOwn,
      };
      return withBlock(text, lines, place);
    },
  };
}

/** How the entry is put into `prek.toml`. */
export function tomlEdit(entry: Mapping): Pick<StructuredEdit, "edit" | "expected" | "advice"> {
  const lines = tomlEntry(entry);
  return {
    advice: lines.join("\n"),
    expected: (before) => withRepository(before, entry),
    edit: (text, isOwn) => withBlock(text, lines, { at: text.length, comment: "#", isOwn }),
  };
}

/** What a new file holds around the entry. */
export function preCommitFrame(name: string): string {
  return name.endsWith(".toml") ? FRAMES.none : FRAMES.preCommit;
}

function withRepository(before: Mapping, entry: Mapping): Mapping {
  return { ...before, repos: [...listIn(before, "repos"), entry] };
}

function yamlEntry(entry: Mapping): readonly string[] {
  const { hooks, ...head } = entry;
  const top = Object.entries(head).map(([key, value]) => `${key}: ${yamlValue(value)}`);
  const hook = (hooks as readonly Mapping[]).flatMap((each) =>
    Object.entries(each).map(([key, value]) => `${key}: ${yamlValue(value)}`),
  );
  return [
    ...top.map((line, index) => `${index === 0 ? "- " : "  "}${line}`),
    "  hooks:",
    ...hook.map((line, index) => `    ${index === 0 ? "- " : "  "}${line}`),
  ];
}

function tomlEntry(entry: Mapping): readonly string[] {
  const { hooks, ...head } = entry;
  const hook = (hooks as readonly Mapping[]).flatMap(tomlPairs);
  return ["[[repos]]", ...tomlPairs(head), "", "[[repos.hooks]]", ...hook];
}

function tomlPairs(table: Mapping): readonly string[] {
  return Object.entries(table).map(([key, value]) => `${key} = ${jsonValue(value)}`);
}

/** As people write it where that is no other value, else in quotes: JSON is YAML. */
function yamlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yamlValue).join(", ")}]`;
  const isPlain = typeof value === "string" && /^[A-Za-z./][\w./:@+-]*$/.test(value);
  return isPlain && !value.endsWith(":") ? value : JSON.stringify(value);
}

function jsonValue(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(jsonValue).join(", ")}]` : JSON.stringify(value);
}
