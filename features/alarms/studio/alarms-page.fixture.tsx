import { openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Alarm } from "../contract.ts";
import Alarms from "./alarms.tsx";
import { alarm, rules } from "./recorded.fixture.ts";
import { views } from "./views.ts";

/** The page of alarms on what a server answered. */
export function open(answers: Record<string, Recorded> = {}, detail = "", query = ""): Promise<Page> {
  return openPage(<Alarms />, {
    views,
    address: `/alarms${detail === "" ? "" : `/${encodeURIComponent(detail)}`}${query}`,
    now: alarm.changed,
    answers: {
      "GET /alarm-rules": rules,
      "GET /alarm-rule-counts": { day: 0, week: 0, to: alarm.changed, counts: [] },
      "GET /alarm-occurrences": { occurrences: [] },
      ...answers,
    },
  });
}

/** The list as the page shows it of this alarm. */
export function list(page: Page, item: Alarm): void {
  page.studio.snapshot.set({ instant: alarm.changed, live: true, stations: [], alarms: [item] } as never);
}
