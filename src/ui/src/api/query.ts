// Reads through query-core: one cache, one hook.
import { QueryClient, QueryObserver, type QueryObserverResult } from "@tanstack/query-core";
import { useEffect, useState } from "preact/hooks";
import { type ApiError, worthRetrying } from "./errors";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always",
      staleTime: 2_000,
      gcTime: 10 * 60_000,
      retry: (count, error) => count < 2 && worthRetrying(error),
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4_000),
      refetchOnWindowFocus: true,
      refetchOnReconnect: true,
    },
  },
});

export interface QueryOptions<T> {
  key: readonly unknown[];
  read: () => Promise<T>;
  enabled?: boolean;
  every?: number;
}

export type Result<T> = QueryObserverResult<T, ApiError>;

export function useQuery<T>({ key, read, enabled = true, every }: QueryOptions<T>): Result<T> {
  const options = queries.defaultQueryOptions<T, ApiError, T, T, readonly unknown[]>({
    queryKey: key,
    queryFn: read,
    enabled,
    refetchInterval: every ?? false,
  });
  const [observer] = useState(
    () => new QueryObserver<T, ApiError, T, T, readonly unknown[]>(queries, options),
  );
  const [, redraw] = useState(0);
  useEffect(() => observer.subscribe(() => redraw((n) => n + 1)), [observer]);
  const hash = JSON.stringify([key, enabled, every]);
  useEffect(() => observer.setOptions(options), [observer, hash]);
  return observer.getOptimisticResult(options);
}
