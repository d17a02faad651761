// The plant: its zone, shift and counts, and the formats that follow from them.
import { api, call } from "../api/client";
import { type Result, useQuery } from "../api/query";
import type { Plant } from "../api/types";
import { catalogue, locale, t } from "../i18n";
import { createFormat, type Format, type Words } from "./format";
import { useStore } from "./store";

export const plantKey = ["plant"] as const;

export function usePlant(): Result<Plant> {
  return useQuery({
    key: plantKey,
    read: () => call(api.GET("/api/v1/plant")),
    every: 30_000,
  });
}

const made = new Map<string, Format>();

function words(): Words {
  return {
    today: t("time.today"),
    over: t("time.over"),
    minutes: (n) => t("time.minutes", { n }),
    hours: (h, m) => (m ? t("time.hoursMinutes", { h, m }) : t("time.hours", { h })),
  };
}

/** Formats in the person's language and the plant's zone; UTC until the plant has answered. */
export function useFormat(): Format {
  useStore(catalogue);
  const zone = usePlant().data?.timeZone ?? "UTC";
  const key = `${locale()} ${zone}`;
  let format = made.get(key);
  if (!format) {
    format = createFormat(locale(), zone, words());
    made.set(key, format);
  }
  return format;
}
