/** The words of `--help` beyond names and options. */

/** What a command's help says. */
export interface CommandHelp {
  /** What it does, and what it leaves alone. */
  readonly description: string;
  /** What follows the command's name, where the options and operands do not say it all. */
  readonly usage?: string;
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** By default those of all commands. */
  readonly exitCodes?: string;
}

/** What the exit codes of most commands say. */
export const EXIT_CODES: string =
  "0 fine, 1 blocked, 2 usage or configuration, 3 could not be verified";
const NO_JUDGEMENT = "0 whatever it found, 2 usage or configuration, 3 could not be verified";
const NOTHING_ASKED = "0 fine, 2 usage or configuration";
const A_PERSON_ASKED = "0 done, 1 the answer was no, 2 usage or configuration";
const OF_TOOL =
  "the tool's own once it was started; 1 blocked, 2 usage or configuration, 3 could not be verified";
const OR_PIP = "[-- <pip lock arguments>]";
const PIP_FORM =
  "After -- come arguments of `pip lock`: what pip locks is taken, and its lock is not kept. To lock, " +
  "pip may build sdists, which runs their code before anything is checked; --only-binary :all: " +
  "among its arguments keeps it from that.";

/** By the command as it is typed, without `pubpin`. */
export const HELP: Readonly<Record<string, CommandHelp>> = {
  "": {
    description:
      "Pins who publishes your Python packages, and stops what does not match.\n\n" +
      "The publishers of your locks' packages stand in .provenance.txt, which is committed and " +
      "reviewed like code. Start with `pubpin tofu`, then run `pubpin verify` wherever something is " +
      "about to be installed.",
    examples: [
      ["pubpin tofu", "pin the publishers of the locks in this folder"],
      ["pubpin verify", "check the locks against the pins"],
    ],
  },
  tofu: {
    usage: `[options] [locks...] ${OR_PIP}`,
    description:
      "Pins the publishers of packages that are new here, completes pins, and records the locks " +
      "(trust on first use). It never removes or replaces a pin, and where anything fails it writes " +
      `nothing. Review the new lines, and commit them.\n\n${PIP_FORM}`,
    examples: [
      ["pubpin tofu", "every lock of this folder"],
      ["pubpin tofu uv.lock", "one lock"],
      ["pubpin tofu -- -r requirements.txt", "what pip makes of requirements"],
    ],
  },
  verify: {
    usage: `[options] [locks...] ${OR_PIP}`,
    description:
      "Checks every file of the locks against the pins. Writes nothing but its report.\n\n" +
      `${PIP_FORM}\n\n` +
      "As in pypi-verify-now, TOFU=1, STRICT=1 and FILENAME=PATH in the environment count: for " +
      "trust on first use (not under CI), --strict and --file.",
    examples: [
      ["pubpin verify", "every lock of this folder"],
      ["pubpin verify --strict --format github", "in a workflow of GitHub"],
      ["pubpin verify -- --group build", "what pip makes of a dependency group"],
    ],
  },
  coverage: {
    usage: `[options] [locks...] ${OR_PIP}`,
    description:
      "Says how much of the locks is attested, and by whom. It needs no pins, and judges nothing.",
    examples: [
      ["pubpin coverage", "counts, and publishers"],
      ["pubpin coverage --format html > coverage.html", "the same as a page"],
    ],
    exitCodes: NO_JUDGEMENT,
  },
  accept: {
    usage: `[options] <name> [locks...] ${OR_PIP}`,
    description:
      "Writes what was found for one package, or one file, into the pins, in place of what was " +
      "pinned: a person's decision, one name at a time. At a terminal it asks first. Then run " +
      "`pubpin tofu` to record the locks.",
    examples: [
      ["pubpin accept requests", "the publisher that signs requests now"],
      ["pubpin accept packaging --also", "a further publisher, beside the pinned one"],
      ["pubpin accept torch-2.9.0-py3-none-any.whl", "these bytes, whoever made them"],
    ],
  },
  explain: {
    usage: `[options] <name> [locks...] ${OR_PIP}`,
    description:
      "Shows the pins of one package, and each of its files with what was decided, and why.",
    examples: [["pubpin explain requests", "in every lock of this folder"]],
  },
  diff: {
    description:
      "Shows which packages of the locks changed since a Git revision, and who is pinned for them. " +
      "It compares what is written, and verifies nothing.",
    examples: [
      ["pubpin diff", "since the last commit"],
      ["pubpin diff main uv.lock", "one lock, since a branch"],
    ],
    exitCodes: NOTHING_ASKED,
  },
  file: {
    description: "Checks single files, without an index.",
    examples: [["pubpin file verify --help", "how"]],
  },
  "file verify": {
    description:
      "Checks a distribution at hand, with its provenance object (PEP 740) at hand, against the " +
      "publisher that must have signed it: the check of those who package it further.",
    examples: [["pubpin file verify a-1.0.tar.gz --provenance a.json --repository URL", ""]],
  },
  hook: {
    description:
      "Checks each commit's locks with Git's hooks: offline, from what is staged. A lock cannot " +
      "change in substance unless .provenance.txt says so in the same commit.",
    examples: [["pubpin hook install", "where this repository runs its hooks"]],
  },
  "hook install": {
    description:
      "Sets the hook up where this repository runs its hooks: husky, pre-commit and others, or Git " +
      "itself. It shows what it will write, and asks.",
    examples: [
      ["pubpin hook install", "for the runner that the repository has"],
      ["pubpin hook install --workflow", "and check in a workflow of GitHub too"],
    ],
    exitCodes: A_PERSON_ASKED,
  },
  "hook uninstall": {
    description: "Takes out again what `pubpin hook install` put anywhere, and nothing else.",
    examples: [["pubpin hook uninstall", "from every runner"]],
    exitCodes: A_PERSON_ASKED,
  },
  index: {
    description:
      "Serves an index that stands in front of others, for any installer: it passes their pages on, " +
      "hides what nobody signed of packages with a pinned publisher, and gives a file out only once " +
      "its bytes were verified against the pins. It runs until it is stopped. Its addresses are " +
      "lines for an environment file on stdout, its log is on stderr.",
    examples: [
      ["pubpin index > index.env", "in front of the default index, anywhere that is free"],
      ["pubpin index --port 8080 --token-file token --metrics", "a service with a fixed address"],
    ],
    exitCodes: NOTHING_ASKED,
  },
  uv: {
    usage: "<sync|run|lock|add|remove|export|pip|tool> [options of uv] [--tofu]",
    description:
      "Runs uv so that what was verified is what is installed. Locks are verified and installed " +
      "frozen; everything else that uv downloads comes through an index that checks it. uv's " +
      "terminal, signals and exit code come through. `--tofu` pins publishers that are new without " +
      "a question.",
    examples: [
      ["pubpin uv sync", "lock, verify, install"],
      ["pubpin uv run pytest", "the same, then run"],
      ["pubpin --strict uv sync", "nothing that nobody signed"],
    ],
    exitCodes: OF_TOOL,
  },
  uvx: {
    usage: "[options of uv tool run] [--tofu] <tool> [arguments]",
    description: "Runs a tool of an index, as `uv tool run`: only files that were verified.",
    examples: [["pubpin uvx ruff check", "a tool, for once"]],
    exitCodes: OF_TOOL,
  },
  pip: {
    usage: "<install|download|wheel|lock> [options of pip] [--tofu]",
    description:
      "Runs pip so that what was verified is what is installed: everything that it downloads, to " +
      "install or to build, comes through an index that checks it, and what is installed already and " +
      "was not verified is installed again. pip's terminal and exit code come through. `--tofu` pins " +
      "publishers that are new without a question.",
    examples: [
      ["pubpin pip install -r requirements.txt", "into the active virtual environment"],
      ["pubpin pip lock --group dev", "a pylock.toml, verified and recorded"],
      ["pubpin --strict pip install requests", "nothing that nobody signed"],
    ],
    exitCodes: OF_TOOL,
  },
  completion: {
    description: "Prints a script that completes pubpin's command line in a shell.",
    examples: [
      ['eval "$(pubpin completion bash)"', "in ~/.bashrc"],
      ["pubpin completion zsh > ~/.zfunc/_pubpin", "in a folder of $fpath"],
      ["pubpin completion fish | source", "in ~/.config/fish/config.fish"],
      ["pubpin completion powershell | Out-String | Invoke-Expression", "in $PROFILE"],
    ],
    exitCodes: NOTHING_ASKED,
  },
};
