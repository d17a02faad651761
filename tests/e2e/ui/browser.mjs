// A Chromium whose pages are watched: errors in the console, refusals of the policy, axe, targets.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const require = createRequire(join(root, "src/ui/package.json"));
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const shots = join(root, "build/e2e-ui");
export const sizes = [
  [1024, 768],
  [768, 1024],
  [360, 800],
];
export const themes = [
  { colorScheme: "light", contrast: "no-preference" },
  { colorScheme: "dark", contrast: "no-preference" },
  { colorScheme: "light", contrast: "more" },
  { colorScheme: "dark", contrast: "more" },
];

// Chromium reports every refused request as an error; these answers are part of the contract.
const expected = /Failed to load resource.*(40[0-9]|41[0-9]|42[0-9]|503|ERR_|net::)|EventSource/;
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const smallestTarget = 44;

export async function launch() {
  mkdirSync(shots, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page of its own person, with a list of what went wrong on it. */
export async function openPage(browser, problems, [width, height] = sizes[0]) {
  const context = await browser.newContext({ viewport: { width, height }, locale: "en-GB" });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy refused ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !expected.test(text)) problems.push(`console: ${text}`);
  });
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  return page;
}

export async function logIn(page, url, { user, password }) {
  await page.goto(url);
  await page.getByLabel("Name").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.locator(".app").waitFor();
}

/** axe in every theme, and that nothing a finger is meant for is smaller than 44 px. */
export async function checkAccess(page, name, problems) {
  for (const theme of themes) {
    await page.emulateMedia({ ...theme, reducedMotion: "reduce" });
    await page.waitForTimeout(150);
    await page.evaluate(axeSource);
    const found = await page.evaluate(
      (run) => window.axe.run(document, { runOnly: { type: "tag", values: run } }),
      tags,
    );
    for (const violation of found.violations) {
      const where = violation.nodes.map((node) => `${node.target} (${node.any[0]?.message})`);
      const look = `${theme.colorScheme}/${theme.contrast}`;
      problems.push(`axe: ${name}, ${look}: ${violation.id}: ${where.slice(0, 3).join("; ")}`);
    }
  }
  await page.emulateMedia(themes[0]);
  for (const small of await smallTargets(page)) problems.push(`target: ${name}: ${small}`);
}

/** Links inside a sentence are exempt, and so is what only a reader hears. */
function smallTargets(page) {
  return page.evaluate((least) => {
    const small = [];
    for (const element of document.querySelectorAll("a[href], button, input, select, summary")) {
      const target = element.closest("label") ?? element;
      const box = target.getBoundingClientRect();
      if (box.width === 0 || target.closest(".skip, [inert]")) continue;
      const whole = getComputedStyle(element, "::after").position === "absolute";
      const row = whole ? element.closest("li").getBoundingClientRect() : box;
      if (row.width >= least - 0.5 && row.height >= least - 0.5) continue;
      const text = (element.textContent || element.id).trim().slice(0, 30);
      small.push(`${text} is ${Math.round(row.width)} x ${Math.round(row.height)}`);
    }
    return small;
  }, smallestTarget);
}

/** Pictures in the three sizes, and that no page is wider than its window, down to 320 px. */
export async function takeShots(page, name, problems, more = []) {
  const before = page.viewportSize();
  for (const [width, height] of [...sizes, ...more]) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(200);
    await page.screenshot({ path: join(shots, `${name}-${width}x${height}.png`) });
    await checkWidth(page, name, problems);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await checkWidth(page, name, problems);
  await page.setViewportSize(before);
}

async function checkWidth(page, name, problems) {
  const [content, room] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  if (content > room) problems.push(`width: ${name}: ${content} px in a window of ${room} px`);
}
