import { availableParallelism } from "node:os";
import { join } from "node:path";
import { playwright } from "@vitest/browser-playwright";
import { configDefaults, defineConfig } from "vitest/config";
import type { TestProjectInlineConfiguration } from "vitest/config";
import { CHROMIUM_ARGUMENTS, findChromium } from "./scripts/browser.ts";
import { dataCommands } from "./test/support/data-commands.ts";

const LOOPBACK = "127.0.0.1";
/** Tests that use nothing but the web's own interfaces run in every environment. */
const EVERYWHERE = ["test/shared/**/*.test.ts", "test/**/*.isomorphic.test.ts"];
const ONLY_IN_CHROMIUM = ["test/**/*.chromium.test.ts"];
/** Tests take the packages' sources, not what was built from them; then Vite's own conditions. */
const CONDITIONS = ["pubpin-source", "module", "development|production"];

const common = {
  resolve: { conditions: [...CONDITIONS, "browser"] },
  ssr: { resolve: { conditions: [...CONDITIONS, "node"] } },
};

const node: TestProjectInlineConfiguration = {
  ...common,
  test: {
    name: "node",
    environment: "node",
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...ONLY_IN_CHROMIUM],
  },
};

function chromium(executablePath: string): TestProjectInlineConfiguration {
  return {
    ...common,
    cacheDir: join(import.meta.dirname, ".cache/vite"),
    optimizeDeps: { include: ["ajv", "fast-check"] },
    logLevel: "error",
    server: { host: LOOPBACK },
    test: {
      name: "chromium",
      include: [...EVERYWHERE, ...ONLY_IN_CHROMIUM],
      browser: {
        enabled: true,
        headless: true,
        ui: false,
        screenshotFailures: false,
        commands: dataCommands,
        provider: playwright({ launchOptions: { executablePath, args: [...CHROMIUM_ARGUMENTS] } }),
        instances: [{ browser: "chromium", name: "chromium" }],
      },
    },
  };
}

const browser = findChromium();

export default defineConfig({
  test: {
    api: { host: LOOPBACK },
    // A worker for each processor: most tests wait for the programs that they start.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    projects: "path" in browser ? [node, chromium(browser.path)] : [node],
  },
});
