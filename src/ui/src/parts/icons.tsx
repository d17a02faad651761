// The one sprite, and how to point at it.

const shapes: Record<string, string> = {
  back: "M19 12H5m6-6-6 6 6 6",
  box: "m4 7.5 8-4 8 4v9l-8 4-8-4Zm0 0 8 4 8-4m-8 4v9",
  calendar: "M4 6h16v14H4Zm0 4.5h16M8.5 3.5V8m7-4.5V8",
  check: "m5 12.5 4.5 4.5L19 7.5",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M12 7.5V12l3 2",
  cost: "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M15.5 9a4 4 0 1 0 0 6M8 11h5m-5 2.5h4.5",
  cross: "m6 6 12 12M18 6 6 18",
  empty: "M4 13 6.5 5h11L20 13v6H4Zm0 0h4.5l1.5 2.5h4l1.5-2.5H20",
  error: "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M12 8v5m0 3v0",
  eye:
    "M3 12c2.2-4 5.2-6 9-6s6.8 2 9 6c-2.2 4-5.2 6-9 6s-6.8-2-9-6ZM12 9.5a2.5 2.5 0 1 " +
    "0 0 5a2.5 2.5 0 1 0 0-5",
  globe:
    "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M3.5 12h17M12 3.5c2.5 2.5 3.7 5.3 " +
    "3.7 8.5s-1.2 6-3.7 8.5c-2.5-2.5-3.7-5.3-3.7-8.5S9.5 6 12 3.5Z",
  inbox: "M4 13 6.5 5h11L20 13v6H4Zm0 0h4.5l1.5 2.5h4l1.5-2.5H20",
  lock: "M6 11h12v9H6Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3",
  next: "m9.5 6 6 6-6 6",
  offline:
    "M3 9c5-4.2 13-4.2 18 0M6.5 12.5c3.2-2.5 7.8-2.5 11 0M10 16c1.2-.9 2.8-.9 4 0M4 " + "4l16 16",
  order: "M6 3.5h12v17H6Zm3 5h6m-6 4h6m-6 4h3",
  pen: "M5 19l1-4L16 5l3 3L9 18Z",
  people:
    "M9 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M3 19c.4-3.6 2.5-5.5 6-5.5s5.6 1.9 6 5.5M16 " +
    "5.5a3 3 0 0 1 0 5.5M17.5 14c2 .6 3.2 2.3 3.5 5",
  plus: "M12 5v14M5 12h14",
  prev: "m14.5 6-6 6 6 6",
  retry: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15",
  search: "M10.5 4.5a6 6 0 1 0 0 12a6 6 0 1 0 0-12M15 15l5 5",
};

export type IconName =
  | "back"
  | "box"
  | "calendar"
  | "check"
  | "clock"
  | "cost"
  | "cross"
  | "empty"
  | "error"
  | "eye"
  | "globe"
  | "inbox"
  | "lock"
  | "next"
  | "offline"
  | "order"
  | "pen"
  | "people"
  | "plus"
  | "prev"
  | "retry"
  | "search";

interface IconProps {
  name: IconName;
  size?: "s" | "l";
}

export function Icon({ name, size }: IconProps) {
  return (
    <svg class={size ? `icon icon-${size}` : "icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}

const markPath =
  "M12 2c2.2 2 2.9 4.6 1.5 7.7M22 12c-2 2.2-4.6 2.9-7.7 1.5M12 " +
  "22c-2.2-2-2.9-4.6-1.5-7.7M2 12c2-2.2 4.6-2.9 7.7-1.5";

export function Mark() {
  return (
    <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="10" />
      <circle cx="12" cy="12" r="2.75" />
      <path d={markPath} />
    </svg>
  );
}
