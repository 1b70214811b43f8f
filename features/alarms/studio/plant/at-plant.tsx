import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBuildingFactory2 } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { AlarmItem } from "@doppelwerk/sync";
import { Dialog, Failure, inLanguage, useLoad, useScope, useStore, useWords } from "@doppelwerk/kit/studio";
import { atPlant } from "../../calls.ts";
import type { PlantCondition } from "../../contract.ts";
import { PlantCallForm } from "./plant-call-form.tsx";
import { PlantReports, PlantWaiting } from "./plant-reports.tsx";
import { usePlantCall } from "./use-plant-call.ts";
import "./plant.css";

type AtPlant = NonNullable<AlarmItem["atPlant"]>;

/** What the plant says of the condition that an alarm follows, and what may be done to it there: requested, confirmed, sent and read back as any command. */
export function AtPlantButton({ alarm, at }: { readonly alarm: AlarmItem; readonly at: AtPlant }): ReactNode {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Tooltip label={t("alarms.plant.title")}>
        <ActionIcon size={32} variant="default" aria-label={t("alarms.plant.title")} onClick={() => setOpen(true)}>
          <IconBuildingFactory2 size={14} />
        </ActionIcon>
      </Tooltip>
      {open && <AtPlantDialog alarm={alarm} at={at} onClose={() => setOpen(false)} />}
    </>
  );
}

interface Opened {
  readonly alarm: AlarmItem;
  readonly at: AtPlant;
  onClose(): void;
}

function AtPlantDialog({ alarm, at, onClose }: Opened): ReactNode {
  const { t, language } = useWords();
  const { time } = useScope();
  const shown = useStore(time.shown);
  const [answered, setAnswered] = useState<string | undefined>(undefined);
  const read = useLoad<PlantCondition>({
    key: ["GET /alarms/:id/at-plant", { id: alarm.id, at: shown }],
    run: ({ client }, signal) =>
      atPlant(client, { params: { id: alarm.id }, query: shown === undefined ? {} : { t: Math.round(shown) } }, { signal }),
    ...(shown === undefined && { changedBy: { topics: { "alarms.changed": () => true } } }),
  });
  const title = inLanguage(alarm.title, language);
  const call = usePlantCall(title, at, read.reload);
  const close = (): void => {
    call.end();
    onClose();
  };
  const { value } = read;
  return (
    <Dialog opened onClose={close} title={t("alarms.plant.title")} centered size={520}>
      <p className="dw-plant-alarm">
        <b>{title}</b>
        <small>{value?.plant}</small>
      </p>
      {read.kind === "failed" && value === undefined && <Failure message={read.message} code={read.code} onRetry={read.reload} />}
      {value !== undefined && value.waiting.length > 0 && (
        <PlantWaiting waiting={value.waiting} answered={answered} onAnswer={shown === undefined ? setAnswered : undefined} />
      )}
      {/* the past is only looked at */}
      {shown === undefined && (
        <PlantCallForm call={call} answered={value?.waiting.find(({ eventId }) => eventId === answered)} onClose={close} />
      )}
      {value !== undefined && <PlantReports reports={value.reports} />}
    </Dialog>
  );
}
