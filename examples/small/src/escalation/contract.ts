import { endpoint, instant, localText, topic, z } from "@doppelwerk/kit";

// #region contract
/** An alarm that nobody acknowledged in time. */
export const Escalation = z.object({
  alarm: z.string(),
  title: localText,
  priority: z.int().min(1).max(4),
  since: instant,
  waitsS: z.number(),
});
export type Escalation = z.output<typeof Escalation>;

export const list = endpoint({
  id: "escalation.list",
  route: "GET /escalations",
  summary: "Alarms that nobody acknowledged in time, the longest waiting first",
  action: "read",
  answer: z.array(Escalation),
});

export const raised = topic({
  id: "escalation.raised",
  summary: "An alarm that nobody acknowledged in time, once",
  action: "read",
  payload: Escalation,
});
// #endregion
