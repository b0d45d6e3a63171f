/** The package `evil` in every shape that a route takes it in. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { World } from "../support/world.ts";

/** Values for Python's globals, and what takes away what stands behind them. */
interface Shapes {
  readonly globals: {
    readonly URL: string;
    readonly FILE: string;
    readonly BYTES: Uint8Array;
    readonly TAR: Uint8Array;
    readonly LEGACY: string;
    readonly HTML: string;
  };
  readonly close: () => Promise<void>;
}

/** Makes the package `evil` of a world available by URL, file, bytes, archive and old index. */
export async function shapesOfEvil(world: World): Promise<Shapes> {
  const folder = await mkdtemp(join(tmpdir(), "pubpin-routes-"));
  const old = await oldIndex(world);
  const { filename, bytes } = world.wheel("evil");
  const file = join(folder, filename);
  await writeFile(file, bytes);
  return {
    globals: {
      URL: world.url("evil"),
      FILE: file,
      BYTES: bytes,
      TAR: new Uint8Array(gzipSync(tarOf("evil/__init__.py", "print('evil')\n"))),
      LEGACY: old.url,
      HTML: world.index.simpleUrl,
    },
    close: async () => {
      await old.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A tar archive with one file (POSIX.1-1988, "ustar"). */
function tarOf(path: string, text: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write("0000644\0", 100);
  header.write(`${Buffer.byteLength(text).toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        0", 148);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const content = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  content.write(text);
  return Buffer.concat([header, content, Buffer.alloc(1024)]);
}

const HEADERS = { "content-type": "application/json", "access-control-allow-origin": "*" };

/** An index that speaks PyPI's old JSON and nothing else. */
async function oldIndex(
  world: World,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const { filename, sha256 } = world.wheel("evil");
  const files = [{ filename, url: world.url("evil"), digests: { sha256 } }];
  const body = JSON.stringify({ info: { name: "evil" }, releases: { "1.0": files } });
  const server = createServer((_request, response) => {
    response.writeHead(200, HEADERS).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
