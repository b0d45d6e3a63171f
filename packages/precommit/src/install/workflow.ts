/** The check in GitHub Actions: what a hook on one machine cannot promise. */
import { FRAMES, withBlock } from "./block.ts";

/** Where the workflow is, from the top of the work tree. */
export const WORKFLOW_FILE = ".github/workflows/pubpin.yml";

/** Actions by the commits of their releases: a tag can be moved, a commit cannot. */
const ACTIONS = {
  checkout: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
  setupNode: "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0",
} as const;

/** What the workflow does. */
export interface WorkflowOptions {
  /** The version of pubpin that it installs. */
  readonly version: string;
  /** Whether unsigned packages and unknown sources fail too. */
  readonly isStrict: boolean;
}

/**
 * The workflow. It reads the pull request and runs nothing of it. Every commit, and the pull request
 * as a whole, is judged by the configuration of what it is to be merged into as well as by its own,
 * and once that holds, every lock that is not recorded is no lock of the base branch.
 */
export function workflowText(options: WorkflowOptions): string {
  return withBlock(FRAMES.none, workflowLines(options), { at: 0, comment: "#", isOwn: true });
}

function workflowLines({ version, isStrict }: WorkflowOptions): readonly string[] {
  const strict = isStrict ? " --strict" : "";
  return [
    "name: pubpin",
    "on:",
    "  pull_request:",
    "permissions:",
    "  contents: read",
    "jobs:",
    "  pubpin:",
    "    runs-on: ubuntu-latest",
    "    timeout-minutes: 15",
    "    env:",
    "      BASE: ${{ github.event.pull_request.base.sha }}",
    "      HEAD: ${{ github.event.pull_request.head.sha }}",
    "    steps:",
    `      - uses: ${ACTIONS.setupNode}`,
    "        with:",
    "          node-version: 24",
    "      - name: Install pubpin, before anything of the pull request is here",
    `        run: npm install --global --ignore-scripts pubpin@${version} pubpin-precommit@${version}`,
    `      - uses: ${ACTIONS.checkout}`,
    "        with:",
    "          ref: ${{ github.event.pull_request.head.sha }}",
    "          fetch-depth: 0",
    "          persist-credentials: false",
    "      - name: Check every commit",
    `        run: pubpin-precommit --format github${strict} --from-ref "$BASE" --to-ref "$HEAD"`,
    "      - name: Check the pull request as one change",
    `        run: pubpin-precommit --format github${strict} --tip --from-ref "$BASE" --to-ref "$HEAD"`,
    "      - name: Verify every recorded lock",
    `        run: pubpin --format github${strict} verify --recorded`,
  ];
}
