import { describe, expect, it } from "vitest";
import { createFormat, initials, pathWords } from "../src/lib/format";

const en = createFormat("en-GB", "Europe/Paris");
const de = createFormat("de-DE", "Europe/Berlin");
const at = (text: string) => Date.parse(text);
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("plant time", () => {
  it("is the plant's, with its offset, whatever the device thinks", () => {
    expect(en.clock("2026-03-02T06:24:00Z")).toBe("07:24");
    expect(en.offset("2026-03-02T06:24:00Z")).toBe("UTC+1");
    expect(en.offset("2026-07-02T06:24:00Z")).toBe("UTC+2");
    expect(createFormat("en-GB", "UTC").offset("2026-03-02T06:24:00Z")).toBe("UTC");
    expect(createFormat("en-GB", "Asia/Kolkata").offset(0)).toBe("UTC+5:30");
  });

  it("names the day as a person plans it", () => {
    expect(en.dayTime("2026-03-05T09:00:00Z")).toBe("Thu 5 Mar 10:00");
    expect(de.dayTime("2026-03-05T09:00:00Z")).toBe("Do 5. März 10:00");
  });

  it("says the day of a span once when it is one day", () => {
    expect(en.span("2026-03-05T09:00:00Z", "2026-03-05T12:30:00Z")).toBe("Thu 5 Mar 10:00 – 13:30");
    expect(en.span("2026-03-05T22:00:00Z", "2026-03-06T00:30:00Z")).toBe(
      "Thu 5 Mar 23:00 – Fri 6 Mar 01:30",
    );
  });

  it("goes through a change to summer time without losing an hour", () => {
    expect(en.clock("2026-03-29T00:59:00Z")).toBe("01:59");
    expect(en.clock("2026-03-29T01:00:00Z")).toBe("03:00");
    expect(en.clock("2026-10-25T00:30:00Z")).toBe("02:30");
    expect(en.clock("2026-10-25T01:30:00Z")).toBe("02:30");
  });

  it("stamps today by the second and other days by the minute", () => {
    const now = at("2026-03-02T08:00:00Z");
    expect(en.stamp("2026-03-02T06:12:40Z", now)).toBe("07:12:40");
    expect(en.stamp("2026-02-25T13:06:31Z", now)).toBe("25 Feb 14:06");
  });
});

describe("time left", () => {
  const now = at("2026-03-02T06:24:00Z");
  const left = (text: string) => {
    const { text: said, ...rest } = en.left(text, now);
    return { text: plain(said), ...rest };
  };

  it.each([
    ["2026-03-02T06:30:00Z", "6 min", true],
    ["2026-03-02T06:24:01Z", "1 min", true],
    ["2026-03-02T07:10:00Z", "46 min", false],
    ["2026-03-02T07:24:00Z", "1 h", false],
    ["2026-03-02T09:15:00Z", "2 h 51 min", false],
    ["2026-03-02T21:00:00Z", "Today 22:00", false],
    ["2026-03-03T13:00:00Z", "Tue 14:00", false],
    ["2026-03-12T13:00:00Z", "Thu 12 Mar", false],
  ])("until %s is %s", (until, text, soon) => {
    expect(left(until)).toEqual({ text, soon, over: false });
  });

  it("is over at the very moment", () => {
    expect(left("2026-03-02T06:24:00Z").over).toBe(true);
  });
});

describe("numbers", () => {
  it("shows money whole unless the cents say something", () => {
    expect(en.money(966, "EUR")).toBe("€966");
    expect(en.money(1860.4, "EUR")).toBe("€1,860");
    expect(en.money(12.5, "EUR")).toBe("€12.50");
    expect(plain(de.money(1860, "EUR"))).toBe("1.860 €");
  });

  it("always signs a contribution, with a real minus", () => {
    expect(en.signed(1.92)).toBe("+1.92");
    expect(en.signed(-0.2)).toBe("−0.20");
    expect(en.signed(0)).toBe("0.00");
  });

  it("keeps enough digits to tell a reading from its limit", () => {
    expect(en.reading(3.237)).toBe("3.24");
    expect(en.reading(0.0417)).toBe("0.042");
    expect(en.reading(1482.4)).toBe("1,482");
    expect(de.reading(3.237)).toBe("3,24");
  });

  it.each([
    [400, "0.4 s"],
    [-50, "0 s"],
    [12_300, "12 s"],
    [184_000, "3 min"],
    [5 * 3_600_000, "5 h"],
    [72 * 3_600_000, "3 d"],
  ])("an age of %d ms is %s", (ms, text) => {
    expect(plain(en.age(ms))).toBe(text);
  });
});

describe("names", () => {
  it("writes a path of ids as words", () => {
    expect(pathWords("lyon/utilities/compressed-air")).toEqual([
      "Lyon",
      "Utilities",
      "Compressed air",
    ]);
    expect(pathWords("")).toEqual([]);
  });

  it("takes the first and the last initial", () => {
    expect(initials("Jo Ortiz")).toBe("JO");
    expect(initials("s.moreau")).toBe("SM");
    expect(initials("Anna Maria Keller")).toBe("AK");
    expect(initials("")).toBe("");
  });
});
