import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { MINUTE } from "@doppelwerk/world";
import type { AlarmItem } from "@doppelwerk/sync";
import { AlarmShape, Dialog, durationText, inLanguage, useWords } from "@doppelwerk/kit/studio";

/** Minutes, or until maintenance returns it to service. */
export type ShelvedFor = 15 | 60 | 480 | "outOfService";
const MINUTES = [15, 60, 480] as const;
const USUAL = 60;

/** Names the alarm that is shelved or taken out of service, and asks for how long and why: ISA-18.2 wants a reason for either. */
export function ShelveDialog({
  alarm,
  canShelve,
  onClose,
  onReason,
}: {
  readonly alarm: AlarmItem;
  readonly canShelve: boolean;
  readonly onClose: () => void;
  readonly onReason: (shelvedFor: ShelvedFor, reason: string) => void;
}): ReactNode {
  const { t, language } = useWords();
  const [reason, setReason] = useState("");
  const [shelvedFor, setShelvedFor] = useState<ShelvedFor>(canShelve ? USUAL : "outOfService");
  const title = t(shelvedFor === "outOfService" ? "alarms.takeOutOfService" : "alarms.shelve");
  const durations = MINUTES.map((minutes) => ({ value: String(minutes), label: durationText(minutes * MINUTE, language) }));
  return (
    <Dialog opened onClose={onClose} title={title} centered size={440}>
      <form
        className="dw-form"
        onSubmit={(event) => {
          event.preventDefault();
          onReason(shelvedFor, reason);
          onClose();
        }}
      >
        <NamedAlarm alarm={alarm} />
        {canShelve && (
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t("alarms.shelvedFor")}
            value={String(shelvedFor)}
            onChange={(value) => setShelvedFor(MINUTES.find((minutes) => String(minutes) === value) ?? "outOfService")}
            data={[...durations, { value: "outOfService", label: t("alarms.list.outOfService") }]}
          />
        )}
        <TextInput
          data-autofocus
          label={t("alarms.reason")}
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <p className="dw-note">
          {shelvedFor === "outOfService"
            ? t("alarms.takeOutText")
            : t("alarms.shelveText", { duration: durationText(shelvedFor * MINUTE, language) })}
        </p>
        <div className="dw-dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" disabled={reason.trim() === ""}>
            {title}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function NamedAlarm({ alarm }: { readonly alarm: AlarmItem }): ReactNode {
  const { t, language } = useWords();
  const place = alarm.place === undefined ? undefined : t("alarms.place", { place: alarm.place });
  return (
    <p className="dw-shelved-alarm">
      <AlarmShape priority={alarm.priority} />
      <span>
        <b>{inLanguage(alarm.title, language)}</b>
        <small>{[alarm.station, place].filter(Boolean).join(" · ")}</small>
      </span>
    </p>
  );
}
