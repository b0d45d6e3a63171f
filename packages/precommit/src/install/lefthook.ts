/** The configuration of lefthook (lefthook.dev, "Configuration"). */
import { FRAMES, withBlock } from "./block.ts";
import type { HookName } from "./shell.ts";
import { isMapping, listIn, type Mapping, type StructuredEdit } from "./structured.ts";
import { endOf, findBlock, hasKey, levelOf, type YamlBlock, yamlLines } from "./yaml-lines.ts";

/** Where lefthook looks for its configuration, in its order; the first that is there counts. */
export const LEFTHOOK_FILES: readonly string[] = [
  "lefthook",
  ".lefthook",
  ".config/lefthook",
].flatMap((name) => ["yml", "yaml", "toml", "json", "jsonc"].map((ending) => `${name}.${ending}`));

type Part = Pick<StructuredEdit, "edit" | "expected" | "advice">;

/** The command that lefthook runs in a hook. */
function commandFor(hook: HookName, program: string): Mapping {
  return hook === "pre-push"
    ? { run: `${program} --pre-push {1} {2}`, use_stdin: true }
    : { run: program };
}

/** How pubpin is put into `lefthook.yml`. */
export function lefthookYaml(hooks: readonly HookName[], program: string): Part {
  return {
    ...common(hooks, program),
    edit: (text, isOwn) =>
      hooks.reduce<string | null>(
        (edited, hook) => (edited === null ? null : withHook(edited, hook, program, isOwn)),
        text,
      ),
  };
}

/** How pubpin is put into `lefthook.toml`. */
export function lefthookToml(hooks: readonly HookName[], program: string): Part {
  const { expected, advice } = common(hooks, program);
  return {
    expected,
    advice,
    edit: (text, isOwn) => {
      const lines = hooks.flatMap((hook, index) => {
        const isList = new RegExp(`^\\s*\\[\\[\\s*${hook}\\.jobs\\s*\\]\\]`, "m").test(text);
        const head = isList
          ? [`[[${hook}.jobs]]`, 'name = "pubpin"']
          : [`[${hook}.commands.pubpin]`];
        return [...(index === 0 ? [] : [""]), ...head, ...tomlPairs(commandFor(hook, program))];
      });
      return withBlock(text, lines, { at: text.length, comment: "#", isOwn });
    },
  };
}

/** What a new file holds around the commands. */
export function lefthookFrame(name: string, hooks: readonly HookName[]): string {
  return name.endsWith(".toml") ? FRAMES.none : FRAMES.lefthook(hooks);
}

/** What a person puts in by hand where a file is of JSON. */
export function lefthookAdvice(hooks: readonly HookName[], program: string): string {
  return common(hooks, program).advice;
}

function common(hooks: readonly HookName[], program: string): Pick<Part, "expected" | "advice"> {
  return {
    expected: (before) => ({
      ...before,
      ...Object.fromEntries(hooks.map((hook) => [hook, withCommand(before[hook], hook, program)])),
    }),
    advice: hooks
      .flatMap((hook) => [
        `${hook}:`,
        "  commands:",
        "    pubpin:",
        ...yamlPairs(commandFor(hook, program)).map((line) => `      ${line}`),
      ])
      .join("\n"),
  };
}

/** A hook with `jobs` gets one more; any other gets a command. */
function withCommand(section: unknown, hook: HookName, program: string): Mapping {
  const before = isMapping(section) ? section : {};
  const command = commandFor(hook, program);
  if (Array.isArray(before["jobs"])) {
    return { ...before, jobs: [...listIn(before, "jobs"), { name: "pubpin", ...command }] };
  }
  const commands = isMapping(before["commands"]) ? before["commands"] : {};
  return { ...before, commands: { ...commands, pubpin: command } };
}

function withHook(text: string, hook: HookName, program: string, isOwn: boolean): string | null {
  const lines = yamlLines(text);
  const pairs = yamlPairs(commandFor(hook, program));
  const command = ["pubpin:", ...pairs.map((line) => `  ${line}`)];
  const section = findBlock(lines, hook);
  if (section === null) {
    if (hasKey(lines, hook)) return null;
    const whole = [`${hook}:`, "  commands:", ...command.map((line) => `    ${line}`)];
    return withBlock(text, whole, { at: text.length, comment: "#", isOwn });
  }
  const level = section.lines.length === 0 ? section.key.indent + 2 : levelOf(section.lines);
  const jobs = findBlock(section.lines, "jobs");
  if (jobs !== null) {
    const job = ["- name: pubpin", ...pairs.map((line) => `  ${line}`)];
    return putInto(text, jobs, job, level + 2, isOwn);
  }
  const commands = findBlock(section.lines, "commands");
  if (commands !== null) return putInto(text, commands, command, level + 2, isOwn);
  if (hasKey(section.lines, "commands") || hasKey(section.lines, "jobs")) return null;
  const child = ["commands:", ...command.map((line) => `  ${line}`)];
  return putInto(text, section, child, level, isOwn);
}

function putInto(
  text: string,
  block: YamlBlock,
  lines: readonly string[],
  usual: number,
  isOwn: boolean,
): string {
  const indent = " ".repeat(block.lines.length === 0 ? usual : levelOf(block.lines));
  return withBlock(text, lines, { at: endOf(block), comment: "#", indent, isOwn });
}

function yamlPairs(command: Mapping): readonly string[] {
  return Object.entries(command).map(([key, value]) => `${key}: ${yamlValue(value)}`);
}

function tomlPairs(command: Mapping): readonly string[] {
  return Object.entries(command).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
}

/** Braces begin a mapping only at the start of a value. */
function yamlValue(value: unknown): string {
  const isPlain = typeof value === "string" && /^[A-Za-z./][\w./ {}@+-]*$/.test(value);
  return isPlain ? value : JSON.stringify(value);
}
