/** Parses YAML for the lock reader (`LockParsers.yaml`): strictly, as pixi writes it. */

/** Parses one YAML 1.2 document of the core schema. Whole numbers are bigints. */
export type YamlParser = (text: string) => unknown;

/**
 * Loads the parser, which only a pixi.lock needs. It throws a SyntaxError, with line and column, for
 * several documents, duplicate keys, keys that are no text, aliases, unknown tags, and all that the
 * YAML library warns of.
 */
export async function loadYamlParser(): Promise<YamlParser> {
  const { parseDocument } = await import("yaml");
  return (text) => {
    const document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      strict: true,
      uniqueKeys: true,
      stringKeys: true,
      merge: false,
      resolveKnownTags: false,
      intAsBigInt: true,
      logLevel: "error",
    });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw new SyntaxError(problem.message, { cause: problem });
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  };
}
