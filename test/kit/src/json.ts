/** JSON: values, canonical form, and changes at a path. */
import { type Bytes, utf8 } from "./bytes.ts";

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

/** JSON as UTF-8, without white space, members in the order they were added. */
export function jsonBytes(value: Json): Bytes {
  return utf8(JSON.stringify(value));
}

/** RFC 8785 for the values that occur here: integers, strings, booleans, null. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

type Container = Record<string, unknown>;

function container(root: object, path: readonly string[]): Container {
  let current: unknown = root;
  for (const key of path) {
    current = (current as Container)[key];
    if (typeof current !== "object" || current === null) {
      throw new Error(`nothing to change at ${path.join(".")}: ${key} is not an object or array`);
    }
  }
  return current as Container;
}

function isFunction(value: unknown): value is (present: unknown) => unknown {
  return typeof value === "function";
}

function split(path: string): { parents: string[]; last: string } {
  const keys = path.split(".");
  return { parents: keys.slice(0, -1), last: keys.at(-1) ?? "" };
}

/**
 * A change that sets the member at `path` (keys and indexes, joined by dots), whose parents must exist.
 * A function as `value` is called with the present value. The object that is passed in stays as it is.
 */
export function put(path: string, value: unknown): <T extends object>(target: T) => T {
  return (target) => {
    const copy = structuredClone(target);
    const { parents, last } = split(path);
    const parent = container(copy, parents);
    parent[last] = isFunction(value) ? value(parent[last]) : value;
    return copy;
  };
}

/** A change that removes the member at `path`, which must exist; from an array, the elements move up. */
export function drop(path: string): <T extends object>(target: T) => T {
  return (target) => {
    const copy = structuredClone(target);
    const { parents, last } = split(path);
    const parent = container(copy, parents);
    if (!(last in parent)) throw new Error(`nothing to remove at ${path}`);
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
    return copy;
  };
}
