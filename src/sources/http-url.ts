import { SourceError } from "./source-error.js";

/** @throws SourceError it is no http(s) address */
export function requireHttpUrl(address: string): string {
  if (!URL.canParse(address)) throw new SourceError(`${publicUrl(address)} is not an address. Write https://host/path.`);
  const { protocol } = new URL(address);
  if (protocol === "http:" || protocol === "https:") return address;
  throw new SourceError(`${protocol}//… cannot be read from. Give a file, a directory, a glob, or http(s)://….`);
}

/** The address as it may be shown and kept: without password, query and fragment, which often hold keys. */
export function publicUrl(address: string): string {
  if (!URL.canParse(address)) return "The address";
  const { protocol, host, pathname, search } = new URL(address);
  return `${protocol}//${host}${pathname}${search === "" ? "" : "?…"}`;
}
