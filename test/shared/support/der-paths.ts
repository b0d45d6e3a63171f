/** Every element of a DER structure, and what DER forbids about any of them. */
import {
  type Bytes,
  concat,
  contentOf,
  derAt,
  editDer,
  indefiniteLength,
  membersOf,
  nonMinimalLength,
  paddedInteger,
  trailing,
  utf8String,
} from "@pubpin/test-kit";

/** The way to an element, by position among the members of constructed ones. */
export type Path = readonly number[];

/** The ways to all elements that constructed ones hold, at any depth; the outermost comes first. */
function pathsOf(der: Uint8Array, at: Path = []): readonly Path[] {
  const isConstructed = ((der[0] ?? 0) & 0x20) !== 0;
  const inside = isConstructed ? membersOf(der) : [];
  return [at, ...inside.flatMap((member, index) => pathsOf(member, [...at, index]))];
}

/** An encoding that DER forbids, and the element that was encoded so. */
export interface ForbiddenForm {
  readonly what: string;
  readonly path: Path;
  readonly der: Bytes;
}

type Forbid = readonly [what: string, change: (der: Bytes) => Uint8Array];

/** What DER forbids of every element, whether or not something is taken from it. */
export const LENGTHS_AND_TAGS: readonly Forbid[] = [
  ["a length that is longer than needed", nonMinimalLength],
  ["an indefinite length", indefiniteLength],
  ["a length in four bytes", longLength],
  ["a tag of several bytes", (der) => der.with(0, 0x1f | (der[0] ?? 0))],
];

/** What may follow no element, where all that may is read. */
const AFTER: readonly Forbid[] = [
  ["a byte after it", trailing],
  ["another element after it", (der) => concat(der, utf8String(""))],
];

/** What it forbids of elements with a certain tag. */
const OF_TAG: Readonly<Record<number, readonly Forbid[]>> = {
  1: [["another truth value", () => Uint8Array.of(1, 1, 1)]],
  2: [
    ["a padded integer", paddedInteger],
    ["an integer without bytes", () => Uint8Array.of(2, 0)],
  ],
  6: [["a padded object identifier", paddedOid]],
};

/** The structure with any one of its elements in a form that DER forbids. */
export function forbiddenForms(der: Uint8Array): readonly ForbiddenForm[] {
  return pathsOf(der).flatMap((path) => {
    const forbidden = LENGTHS_AND_TAGS.concat(AFTER, OF_TAG[derAt(der, path)[0] ?? 0] ?? []);
    return forbidden.map(([what, change]) => ({ what, path, der: editDer(der, path, change) }));
  });
}

function longLength(der: Uint8Array): Bytes {
  const content = contentOf(der);
  const view = new DataView(new ArrayBuffer(6));
  view.setUint8(0, der[0] ?? 0);
  view.setUint8(1, 0x84);
  view.setUint32(2, content.length);
  return new Uint8Array([...new Uint8Array(view.buffer), ...content]);
}

function paddedOid(der: Uint8Array): Bytes {
  const content = contentOf(der);
  return new Uint8Array([6, content.length + 1, 0x80, ...content]);
}
