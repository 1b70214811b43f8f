import { useEffect, useRef } from "react";
import { useStudio } from "./context.tsx";

/** Calls `onPayload` with each payload of a topic (`brewery.added`) that this window receives, for as long as the view is shown. */
export function useTopic(topic: string, onPayload: (payload: unknown) => void): void {
  const { live } = useStudio();
  const latest = useRef(onPayload);
  latest.current = onPayload;
  useEffect(
    () =>
      live.on((event) => {
        if (event.kind === "topic" && event.topic === topic) latest.current(event.payload);
      }),
    [live, topic],
  );
}
