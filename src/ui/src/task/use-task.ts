// One task and its signal.
import { api, call } from "../api/client";
import { ApiError } from "../api/errors";
import { type Result, useQuery } from "../api/query";
import type { Series, TaskDetail } from "../api/types";

export function useTask(id: string): Result<TaskDetail> {
  return useQuery({
    key: ["task", id],
    read: () => call(api.GET("/api/v1/tasks/{id}", { params: { path: { id } } })),
    every: 60_000,
  });
}

/** Null for a task that stands on no signal. */
export function useSignal(id: string): Result<Series | null> {
  return useQuery({
    key: ["task", id, "signal"],
    read: async () => {
      try {
        const got = await call(api.GET("/api/v1/tasks/{id}/signal", { params: { path: { id } } }));
        // The client's types lose that the points are pairs; the contract says so.
        return got as Series;
      } catch (error) {
        if (error instanceof ApiError && error.code === "no_signal") return null;
        throw error;
      }
    },
  });
}
