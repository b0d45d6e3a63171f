/** What `--help` says. */
export const HELP: string = `Usage: pubpin-precommit [options]
       pubpin-precommit --from-ref A [--to-ref B] [--tip]
       pubpin-precommit --pre-push [REMOTE [URL]]
       pubpin-precommit merge-driver %O %A %B %P

Checks that no lock file changes unless .provenance.txt is updated with it: in what is staged, in every
commit of a range, or in what is about to be pushed. It asks Git and no network. Whether publishers
signed what they are said to have signed is for \`pubpin verify\`.

  --from-ref A --to-ref B   every commit that B (by default HEAD) has and A has not
  --tip                     the range as one change, as a squash merge makes it
  --pre-push                what Git tells its pre-push hook on stdin
  --all                     every lock as it stands in the index
  --fix                     run \`pubpin tofu\` where it can repair, and stage what it wrote
  --lock PATTERN            also check locks with such a name or path
  --file NAME               the name of provenance files, in place of .provenance.txt
  --binding digest|bytes    whether any changed byte of a lock counts
  --strict                  unsigned packages and unknown sources have to be allowed
  --index URL               the index that locks may name without a line
  --format text|json|sarif|github
  --color auto|always|never
  -v, --verbose             every package and every finding
  -h, --help                this text
  --version                 the version

Exit codes: 0 fine, 1 refused, 2 usage or configuration, 3 could not be checked.
`;
