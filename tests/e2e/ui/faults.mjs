// What only the stand-in can be told to do: change under a reader, refuse, vanish, raise news.
import assert from "node:assert/strict";
import { checkAccess, logIn, takeShots } from "./browser.mjs";

export async function newsWait(page, { url, mock }, problems) {
  await page.goto(url);
  const rows = page.locator(".task");
  await rows.first().waitFor();
  const before = await rows.count();
  mock.raise("L-204");
  await page.getByRole("button", { name: "1 new task" }).waitFor();
  assert.equal(await rows.count(), before, "new rows wait");
  await checkAccess(page, "inbox-news", problems);
  await takeShots(page, "inbox-news", problems);
  await page.getByRole("button", { name: "1 new task" }).click();
  await page.getByText("Approve inspection, L-204").waitFor();
  assert.equal(await rows.count(), before + 1);
}

export async function changedWhileRead(page, { url, mock }, problems) {
  const task = mock.raise("L-205");
  await page.goto(new URL(`/tasks/${task.id}`, url).href);
  await page.getByRole("button", { name: "Approve…" }).click();
  await page.locator("#comment").fill("kept");
  mock.revise(task, 1034);
  await page.locator("dialog").getByText("Changed since you looked").waitFor();
  await checkAccess(page, "sheet-changed", problems);
  await takeShots(page, "sheet-changed", problems);
  await page.keyboard.press("Control+Enter");
  assert.equal(task.state, "PROPOSED", "an unread revision cannot be signed");
  await page.keyboard.press("Escape");
  await takeShots(page, "task-changed", problems);
  await page.getByRole("button", { name: "Read revision 3" }).click();
  await page.getByRole("button", { name: "Approve…" }).click();
  assert.equal(await page.locator("#comment").inputValue(), "kept");
  mock.refuseWrites = 503;
  await page.keyboard.press("Control+Enter");
  await page.getByText("Nothing was signed: the ledger takes no writes now.").waitFor();
  await checkAccess(page, "sheet-refused", problems);
  await takeShots(page, "sheet-refused", problems);
  mock.refuseWrites = null;
  await page.keyboard.press("Control+Enter");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await page.getByText("Approved, not yet in ERP.").waitFor();
}

export async function offline(page, { url, mock }, problems) {
  const task = mock.raise("L-206");
  await page.goto(new URL(`/tasks/${task.id}`, url).href);
  await page.locator(".facts").waitFor();
  mock.cutNetwork(true);
  await page.getByText(/^Offline since/).waitFor({ timeout: 20_000 });
  assert.ok(await page.getByRole("button", { name: "Approve…" }).isDisabled(), "deciding is off");
  await checkAccess(page, "offline", problems);
  await takeShots(page, "offline", problems);
  mock.cutNetwork(false);
  await page.getByRole("button", { name: "Try now" }).click();
  await page.getByText(/^Offline since/).waitFor({ state: "detached" });
}

export async function mayNot(page, { url, users, mock }, problems) {
  await logIn(page, url, users.find((user) => user.roles.includes("operator")));
  const task = mock.tasks.find((t) => t.state === "PROPOSED");
  await page.goto(new URL(`/tasks/${task.id}`, url).href);
  await page.getByText(/^Who may|Who may:/).waitFor();
  assert.ok(await page.getByRole("button", { name: "Approve…" }).isDisabled());
  await checkAccess(page, "may-not", problems);
  await takeShots(page, "may-not", problems);
  await page.goto(new URL("/?view=mine", url).href);
  await page.getByText("Nothing waits for you").waitFor();
  await checkAccess(page, "empty", problems);
  await takeShots(page, "empty", problems);
}

export async function german(page, { url }, problems) {
  await page.goto(url);
  await page.locator(".user").click();
  await page.getByLabel("Deutsch").check();
  await page.getByText("Kürzel mit einer Taste").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Eingang" }).waitFor();
  await takeShots(page, "inbox-de", problems);
  await page.locator(".user").click();
  await page.getByLabel("English").check();
  await page.keyboard.press("Escape");
}

export async function throttled(page, { url, users }, problems) {
  await page.goto(url);
  await page.getByLabel("Name").fill(users[1].user);
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await page.getByLabel("Password").fill(`wrong ${attempt}`);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.locator("#login-error:not(:empty)").waitFor();
    await page.waitForTimeout(150);
  }
  await page.getByText(/Too many attempts for this name/).waitFor();
  await checkAccess(page, "login-throttled", problems);
  await takeShots(page, "login-throttled", problems);
}
