// Numbers, money and times for people. Times are the plant's, never the device's.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface Left {
  text: string;
  soon: boolean;
  over: boolean;
}

export interface Words {
  today: string;
  over: string;
  minutes: (n: number) => string;
  hours: (h: number, m: number) => string;
}

const nbsp = " ";

const defaultWords: Words = {
  today: "Today",
  over: "over",
  minutes: (n) => `${n}${nbsp}min`,
  hours: (h, m) => `${h}${nbsp}h${m ? ` ${m}${nbsp}min` : ""}`,
};

export type Format = ReturnType<typeof createFormat>;

function timeParts(locale: string, timeZone: string) {
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: "h23", ...options });
  return {
    clock: make({ hour: "2-digit", minute: "2-digit" }),
    seconds: make({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    weekday: make({ weekday: "short" }),
    date: make({ day: "numeric", month: "short" }),
    year: make({ day: "numeric", month: "short", year: "numeric" }),
    key: new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }),
    offset: new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "shortOffset" }),
  };
}

export function createFormat(locale: string, timeZone: string, words: Words = defaultWords) {
  const made = timeParts(locale, timeZone);
  const ms = (at: string | number) => (typeof at === "number" ? at : Date.parse(at));
  const clock = (at: string | number) => made.clock.format(ms(at));
  const seconds = (at: string | number) => made.seconds.format(ms(at));
  const weekday = (at: string | number) => made.weekday.format(ms(at)).replace(/\.$/, "");
  const date = (at: string | number) => made.date.format(ms(at));
  const dayKey = (at: string | number) => made.key.format(ms(at));
  const dayName = (at: string | number) => `${weekday(at)} ${date(at)}`;
  const dayTime = (at: string | number) => `${dayName(at)} ${clock(at)}`;
  const full = (at: string | number) => `${weekday(at)} ${made.year.format(ms(at))} ${clock(at)}`;

  function offset(at: string | number): string {
    const parts = made.offset.formatToParts(ms(at));
    const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
    return name.replace("GMT", "UTC").replace(/[+-]0$/, "");
  }

  /** From one time to another on the plant's clock: the day is said once if it is one day. */
  function span(from: string, to: string): string {
    return `${dayTime(from)} – ${dayKey(from) === dayKey(to) ? clock(to) : dayTime(to)}`;
  }

  /** When it happened, as short as it can be said today. */
  function stamp(at: string | number, now: number): string {
    return dayKey(at) === dayKey(now) ? seconds(at) : `${date(at)} ${clock(at)}`;
  }

  function left(at: string | number, now: number): Left {
    const rest = ms(at) - now;
    if (rest <= 0) return { text: words.over, soon: false, over: true };
    const soon = rest < 15 * minute;
    const minutes = Math.ceil(rest / minute);
    if (minutes < 60) return { text: words.minutes(minutes), soon, over: false };
    if (minutes < 6 * 60) {
      return { text: words.hours(Math.floor(minutes / 60), minutes % 60), soon, over: false };
    }
    if (dayKey(at) === dayKey(now)) {
      return { text: `${words.today} ${clock(at)}`, soon, over: false };
    }
    const text = rest < 6 * day ? `${weekday(at)} ${clock(at)}` : dayName(at);
    return { text, soon, over: false };
  }

  /** A moment to come: the day is said when it is not today. */
  function when(at: string | number, now: number): string {
    return dayKey(at) === dayKey(now) ? clock(at) : dayTime(at);
  }

  return {
    ...numberFormats(locale),
    locale,
    timeZone,
    clock,
    seconds,
    dayName,
    dayTime,
    dayKey,
    full,
    offset,
    span,
    stamp,
    when,
    left,
  };
}

function numberFormats(locale: string) {
  const number = (value: number, digits = 2) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);

  function money(amount: number, currency: string): string {
    const cents = Number.isInteger(amount) || Math.abs(amount) >= 100 ? 0 : 2;
    return new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      minimumFractionDigits: cents,
      maximumFractionDigits: cents,
    }).format(amount);
  }

  /** With its sign always shown, and a real minus. */
  function signed(value: number): string {
    const text = new Intl.NumberFormat(locale, {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
      signDisplay: "exceptZero",
    }).format(value);
    return text.replace("-", "−");
  }

  /** How long ago, for a thing that repeats every few seconds. */
  function age(millis: number): string {
    const s = Math.max(0, millis) / 1000;
    if (s < 10) return `${number(Math.round(s * 10) / 10, 1)}${nbsp}s`;
    if (s < 60) return `${Math.round(s)}${nbsp}s`;
    if (s < 3600) return `${Math.floor(s / 60)}${nbsp}min`;
    if (s < 48 * 3600) return `${Math.floor(s / 3600)}${nbsp}h`;
    return `${Math.floor(s / 86400)}${nbsp}d`;
  }

  /** Enough digits to tell a reading from its limit. */
  function reading(value: number): string {
    const size = Math.abs(value);
    return number(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3);
  }

  return { number, money, signed, age, reading };
}

/** "utilities/compressed-air" as a person would write it. */
export function pathWords(path: string): string[] {
  return path
    .split("/")
    .filter(Boolean)
    .map((id) => id.replace(/[-_]+/g, " ").replace(/([a-z])(\d)/i, "$1 $2"))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
}

export function initials(name: string): string {
  const words = name.split(/[\s.]+/).filter(Boolean);
  const last = words.length > 1 ? words[words.length - 1] : "";
  return `${words[0]?.[0] ?? ""}${last?.[0] ?? ""}`.toUpperCase();
}
