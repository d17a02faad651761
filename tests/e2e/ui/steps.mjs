// The main job in the browser: log in, see the task, read it, sign it, see it change elsewhere.
import assert from "node:assert/strict";
import { checkAccess, logIn, takeShots } from "./browser.mjs";

const firstTaskMs = 90_000;
const liveMs = 8_000;

export async function loginPage(page, { url, users }, problems) {
  await page.goto(url);
  await page.getByRole("heading", { name: "Who is here?" }).waitFor();
  await checkAccess(page, "login", problems);
  await takeShots(page, "login", problems);
  await page.getByLabel("Name").fill(users[0].user);
  await page.getByLabel("Password").fill("not this one");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("Name or password is not right.").waitFor();
}

export async function inboxPage(page, problems) {
  await page.locator(".task").first().waitFor({ timeout: firstTaskMs });
  await page.locator(".live-dot").waitFor();
  await checkAccess(page, "inbox", problems);
  await takeShots(page, "inbox", problems, [[1440, 900]]);
  await page.emulateMedia({ colorScheme: "dark" });
  await takeShots(page, "inbox-dark", problems);
  await page.emulateMedia({ colorScheme: "light" });
  await page.keyboard.press("j");
  assert.equal(await page.locator(".task-on").count(), 1, "j selects a row");
  await page.keyboard.press("?");
  await page.locator("dialog[open]").waitFor();
  await checkAccess(page, "menu", problems);
  await takeShots(page, "menu", problems);
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
}

/** Opens the first listed task that this person may approve and `want` accepts. */
export async function openDecidable(page, url, want = () => true) {
  await page.goto(url);
  await page.locator(".task").first().waitFor();
  const links = await page
    .locator(".task-link")
    .evaluateAll((all) => all.map((a) => [a.getAttribute("href"), a.textContent]));
  for (const [href, title] of links) {
    if (!want(title)) continue;
    await page.goto(new URL(href, url).href);
    await page.locator(".actions, .banner").first().waitFor();
    const approve = page.getByRole("button", { name: "Approve…" });
    if ((await approve.count()) > 0 && (await approve.isEnabled())) return { href, title };
  }
  return null;
}

export async function taskPage(page, problems) {
  for (const id of ["effects", "why", "confidence", "timeline", "evidence"]) {
    await page.locator(`#${id}`).waitFor();
  }
  const chart = page.locator(".plot canvas");
  await chart.waitFor();
  const drawn = await chart.evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value !== 0);
  });
  assert.ok(drawn, "the chart is drawn");
  await page.keyboard.press("t");
  assert.ok((await page.locator(".more[open] tbody tr").count()) > 0, "t shows the table");
  await checkAccess(page, "task", problems);
  await page.keyboard.press("t");
  await page.locator(".plot").focus();
  await page.keyboard.press("ArrowLeft");
  await page.locator(".plot-at b").waitFor();
  await page.evaluate(() => document.querySelector(".page").scrollTo(0, 0));
  await takeShots(page, "task", problems, [[1440, 900]]);
  await page.locator("#signal").scrollIntoViewIfNeeded();
  await page.locator("#signal").evaluate((title) => title.scrollIntoView());
  await takeShots(page, "task-signal", problems);
  await page.emulateMedia({ colorScheme: "dark" });
  await takeShots(page, "task-dark", problems);
  await page.emulateMedia({ colorScheme: "light" });
}

async function sign(page) {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await page.keyboard.press("Control+Enter");
    const read = page.locator("dialog").getByRole("button", { name: /^Read revision/ });
    const closed = page.locator("dialog[open]").waitFor({ state: "detached" });
    const which = await Promise.race([
      closed.then(() => "closed"),
      read.waitFor().then(() => "changed"),
    ]).catch(() => "stuck");
    if (which === "closed") return;
    assert.equal(which, "changed", `not signed: ${await page.locator("dialog").innerText()}`);
    // The evidence grew meanwhile: read it, then sign what was read.
    await read.click();
  }
  assert.fail("the task changed at every attempt to sign it");
}

/** Approves in one browser, sees it in the other; the second signs where two are needed. */
export async function approve(page, other, task, url, problems) {
  await other.goto(new URL(task.href, url).href);
  await other.locator(".facts").waitFor();
  await page.getByRole("button", { name: "Approve…" }).click();
  await page.locator("dialog[open]").waitFor();
  await checkAccess(page, "sheet", problems);
  await takeShots(page, "sheet", problems);
  await page.locator("#comment").fill("Heard it on the round.");
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await page.keyboard.press("a");
  await page.locator("dialog[open]").waitFor();
  const kept = await page.locator("#comment").inputValue();
  assert.equal(kept, "Heard it on the round.", "Esc keeps the draft");
  await page.locator("input[name=meaning]").first().focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("dialog[open]").count(), 1, "a bare key never signs");
  await sign(page);
  const first = other.getByText(/Signed, 1 of 2|Approved|Sent to|^In |Rejected/).first();
  await first.waitFor({ timeout: liveMs });
  if (await other.getByText(/Signed, 1 of 2/).count()) {
    await takeShots(page, "task-signed", problems);
    await other.getByRole("button", { name: "Approve…" }).click();
    await other.locator("dialog[open]").waitFor();
    await sign(other);
  }
  await page.getByText(/Approved|Sent to|^In \S+ as/).first().waitFor({ timeout: liveMs });
  await checkAccess(page, "task-approved", problems);
  await takeShots(page, "task-approved", problems);
}

/** Rejects with a reason; the other browser's list shows it without being loaded again. */
export async function reject(page, other, task, url, problems) {
  await other.goto(url);
  const row = other.locator(".task", { has: other.locator(`[href="${task.href}"]`) });
  await row.waitFor();
  await page.keyboard.press("r");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText("Choose a reason first.").waitFor();
  await page.locator("#reason").selectOption("OTHER");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Say in a few words why.").waitFor();
  await checkAccess(page, "sheet-reject", problems);
  await takeShots(page, "sheet-reject", problems);
  await page.locator("#reason").selectOption("FALSE_ALARM");
  await page.locator("#comment").fill("Loose cable at the sensor, fastened.");
  await sign(page);
  await page.getByText("Rejected, nothing was done.").waitFor();
  await row.getByText("Rejected").waitFor({ timeout: liveMs });
  await takeShots(page, "task-rejected", problems);
  await page.goto(new URL("/?view=decided", url).href);
  await page.getByText("Rejected").first().waitFor();
  await checkAccess(page, "decided", problems);
}

export async function logOut(page) {
  await page.getByRole("button", { name: "Lock this device" }).click();
  await page.getByRole("heading", { name: "Who is here?" }).waitFor();
}

export { logIn };
