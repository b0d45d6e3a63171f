/** DER as it lies: where each value of a certificate or timestamp stands, at any depth. */
import { derAt, membersOf } from "@pubpin/test-kit";

/** Numbers that lead from a value to one inside it, as the kit's `derAt` and `editDer` take them. */
export type DerPath = readonly number[];

const BIT_STRING = 3;
const OCTET_STRING = 4;

/**
 * The paths of all values in DER, the outermost first. Octet and bit strings that hold values, as
 * extensions and keys do, are entered too. Null where the bytes are not DER.
 */
export function derPaths(der: Uint8Array): readonly DerPath[] | null {
  return holdsOneValue(der) ? [[], ...pathsInside(der)] : null;
}

function pathsInside(der: Uint8Array): readonly DerPath[] {
  return innerValues(der).flatMap((value, index) =>
    [[], ...pathsInside(value)].map((path) => [index].concat(path)),
  );
}

function innerValues(der: Uint8Array): readonly Uint8Array[] {
  const tag = der[0] ?? 0;
  if ((tag & 0x20) !== 0) return membersOf(der);
  if (tag !== OCTET_STRING && tag !== BIT_STRING) return [];
  const header = headerLength(der);
  const content = der.subarray(tag === BIT_STRING ? header + 1 : header);
  return holdsOneValue(content) ? [content] : [];
}

/** Where the value at a path stands: from `start` up to, and without, `end`. */
export function derSpan(der: Uint8Array, path: DerPath): { start: number; end: number } {
  const [index, ...rest] = path;
  if (index === undefined) return { start: 0, end: der.length };
  const values = innerValues(der);
  const before = values.slice(0, index).reduce((sum, { length }) => sum + length, 0);
  const all = values.reduce((sum, { length }) => sum + length, 0);
  const offset = der.length - all + before;
  const inner = derSpan(derAt(der, [index]), rest);
  return { start: offset + inner.start, end: offset + inner.end };
}

/** The octets of tag and length. */
function headerLength(der: Uint8Array): number {
  const first = der[1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

/** Whether bytes are one value, and so are those inside it, down to where strings begin. */
function holdsOneValue(bytes: Uint8Array): boolean {
  const [tag = 0, first = 0] = bytes;
  if (bytes.length < 2 || (tag & 0x1f) === 0x1f || tag === 0 || first === 0x80 || first > 0x83) {
    return false;
  }
  const header = headerLength(bytes);
  let length = first < 0x80 ? first : 0;
  for (let index = 2; index < header; index++) length = length * 256 + (bytes[index] ?? 0);
  if (header + length !== bytes.length) return false;
  if ((tag & 0x20) === 0) return true;
  try {
    return membersOf(bytes).every(holdsOneValue);
  } catch {
    return false;
  }
}
