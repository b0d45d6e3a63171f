/** What is installed. */

/** What micropip is asked for. */
export const ASKED: readonly string[] = ["httpx", "click", "snowballstemmer", "packaging"];
/** What httpx needs. */
const NEEDED: readonly string[] = ["anyio", "certifi", "h11", "httpcore", "idna", "sniffio"];

/** What micropip installs. */
export const INSTALLED: readonly string[] = [...ASKED, ...NEEDED];
