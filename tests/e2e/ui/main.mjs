// The order of the steps, and the list of what went wrong.
import { launch, logIn, openPage, shots } from "./browser.mjs";
import * as faults from "./faults.mjs";
import { startDemo, startMock } from "./server.mjs";
import * as steps from "./steps.mjs";

const problems = [];

async function step(name, act) {
  const from = Date.now();
  await act();
  console.log(`ok   ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
}

function userWith(users, role) {
  const found = users.find((user) => user.roles.includes(role));
  if (!found) throw new Error(`the demo has no user with the role ${role}`);
  return found;
}

async function mainJob(browser, server) {
  const supervisor = userWith(server.users, "maintenance_supervisor");
  const manager = server.users.find((user) => user.roles.includes("plant_manager"));
  if (!manager) throw new Error("the demo has no plant manager, who signs second");
  const page = await openPage(browser, problems);
  const other = await openPage(browser, problems);
  await step("log-in page", () => steps.loginPage(page, server, problems));
  await step("log in", async () => {
    await logIn(page, server.url, supervisor);
    await logIn(other, server.url, manager);
  });
  await step("inbox", () => steps.inboxPage(page, problems));
  await step("keys", () => steps.byKeys(page, server.url));
  const first = await waitForTask(page, server.url, true);
  await step(`task: ${first.title}`, () => steps.taskPage(page, problems));
  await step("approve, seen live", () =>
    steps.approve(page, other, first, server.url, problems),
  );
  await step("reject, seen live", async () => {
    const second = await waitForTask(page, server.url, false);
    await steps.reject(page, other, second, server.url, problems);
  });
  return { page, other };
}

/** The demo raises such a task sooner or later. */
async function waitForTask(page, url, chart) {
  const until = Date.now() + 120_000;
  while (Date.now() < until) {
    const found = await steps.openDecidable(page, url, chart).catch(() => null);
    if (found) return found;
    await page.waitForTimeout(2_000);
  }
  throw new Error("no task came that the supervisor can decide");
}

async function mockOnly(browser, server, page) {
  await step("new tasks wait", () => faults.newsWait(page, server, problems));
  await step("changed while read, refused", () =>
    faults.changedWhileRead(page, server, problems),
  );
  await step("stale revision", () => faults.staleRevision(page, server, problems));
  await step("lost answer", () => faults.lostAnswer(page, server, problems));
  await step("decided elsewhere", () => faults.decidedElsewhere(page, server, problems));
  await step("offline", () => faults.offline(page, server, problems));
  await step("German", () => faults.german(page, server, problems));
  await step("may not decide", async () =>
    faults.mayNot(await openPage(browser, problems), server, problems),
  );
  await step("throttled log-in", async () =>
    faults.throttled(await openPage(browser, problems), server, problems),
  );
}

async function main([target]) {
  const server = target === "--mock" ? await startMock() : await startDemo(target);
  const browser = await launch();
  try {
    const { page } = await mainJob(browser, server);
    if (server.mock) await mockOnly(browser, server, page);
    await step("log out", () => steps.logOut(page));
  } catch (error) {
    const [page] = browser.contexts().flatMap((context) => context.pages());
    await page?.screenshot({ path: `${shots}/failed.png` }).catch(() => undefined);
    problems.push(error.stack ?? String(error));
  } finally {
    await browser.close();
    await server.stop();
  }
  for (const problem of [...new Set(problems)]) console.error(`FAIL ${problem}`);
  console.log(problems.length === 0 ? "All passed." : `${problems.length} problems.`);
  return problems.length === 0 ? 0 : 1;
}

// Not exit(): what was printed to a pipe would be cut off.
process.exitCode = await main(process.argv.slice(2));
