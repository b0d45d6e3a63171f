/** Addresses for messages: no user name, password, query or fragment, any of which may be a secret. */

/** A user name and password, up to the last `@` of a run of characters: rather too much than not all. */
const LOGIN = /((?:[a-z][a-z0-9+.-]*:)?\/\/)[^\s"'<>]*@/gi;

/** A URL as messages may show it, whether or not it is well-formed. */
export function redactUrl(url: string | URL): string {
  const text = String(url);
  if (!URL.canParse(text)) return redact(text).replace(/[?#].*$/s, "");
  const shown = new URL(text);
  if (shown.username !== "" || shown.password !== "") {
    shown.username = "***";
    shown.password = "";
  }
  shown.search = "";
  shown.hash = "";
  return shown.href;
}

/** Any text, such as the message of a library, without user names and passwords of URLs. */
export function redact(text: string): string {
  return text.replace(LOGIN, "$1***@");
}
