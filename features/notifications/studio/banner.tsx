import { Button } from "@mantine/core";
import { IconBellRinging } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { answerOf, inLanguage, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import { chooseSound, play, soundChoice } from "./sound.ts";
import "./notifications.css";

const EVERY_MS = 15_000;

/** Unacknowledged alarms that concern who looks: seen on every page, read out, and heard where he asked for it. */
export default function AlarmBanner(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const told = useLoad(answerOf(calls.onScreen, {}, { topics: { "notifications.changed": () => true } }), { everyMs: EVERY_MS }).value;
  const sound = useStore(soundChoice);
  useSound(told?.alarms ?? []);
  const [first] = told?.alarms ?? [];
  if (first === undefined || told === undefined) return null;
  return (
    <div
      className={`dw-banner dw-notify-banner is-priority-${first.priority}`}
      role="status"
      aria-live={first.priority === 1 ? "assertive" : "polite"}
    >
      <IconBellRinging size={18} aria-hidden />
      <span>
        <b>{t("notifications.onScreen", { count: told.count })}</b>{" "}
        {[first.station, inLanguage(first.title, language)].filter(Boolean).join(" · ")}
      </span>
      <Button size="compact-sm" variant="default" onClick={() => studio.address.go({ view: "alarms", detail: undefined })}>
        {t("notifications.openList")}
      </Button>
      {sound.isOn && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => chooseSound({ isOn: false })}>
          {t("notifications.mute")}
        </Button>
      )}
    </div>
  );
}

/** One sound for what is new, of its most urgent alarm; those that were there when the page came are not new. */
function useSound(alarms: readonly { readonly rule: string; readonly since: number; readonly priority: number }[]): void {
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  const { isOn, volume, priorities } = useStore(soundChoice);
  const keys = alarms.map(({ rule, since }) => `${rule}@${since}`);
  const text = keys.join(" ");
  useEffect(() => {
    const before = known.current;
    known.current = new Set(keys);
    if (before === undefined || !isOn) return;
    const fresh = alarms.filter(({ priority }, at) => !before.has(keys[at]!) && priorities.includes(priority));
    if (fresh.length > 0) void play(Math.min(...fresh.map(({ priority }) => priority)), volume);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the alarms are new objects with each answer
  }, [text, isOn]);
}
