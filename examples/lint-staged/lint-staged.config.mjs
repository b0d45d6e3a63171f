export default {
  // >>> pubpin hook >>>
  "**/*": () => "pubpin-precommit",
  // <<< pubpin hook <<<
  "*.md": "oxfmt",
};
