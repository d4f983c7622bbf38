import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const PLACES = [...(process.env["PATH"] ?? "").split(":"), "/usr/bin", "/snap/bin"].flatMap((directory) => NAMES.map((name) => `${directory}/${name}`));

/** A real browser, without a window. Close it. Where none is installed the tests fail: an untested page is not a tested one. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error("No Chromium is on this machine. Install it: apt-get install --no-install-recommends chromium");
  // Containers have small /dev/shm and often run as root, where Chromium's own sandbox does not start; the pages are ours.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
}
