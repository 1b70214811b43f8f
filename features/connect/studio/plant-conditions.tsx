import { Button, NumberInput } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { PlantCondition } from "@doppelwerk/client";
import type { RecordId } from "@doppelwerk/world";
import { useStudio, useTask, useWords } from "@doppelwerk/kit/studio";

/** The severity, 1 to 1000, from which a condition has a priority. */
interface Thresholds {
  readonly urgentFrom: number;
  readonly highFrom: number;
  readonly lowFrom: number;
}

const MAX_ROWS = 60;
/** Bits of the state of a condition. */
const [ACTIVE, DISABLED] = [1, 8];

/** Severities of the plant become priorities only by somebody's decision. */
export function PlantConditions({
  connection,
  conditions,
  onChanged,
}: {
  readonly connection: RecordId;
  readonly conditions: readonly PlantCondition[];
  readonly onChanged: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [thresholds, setThresholds] = useState<Thresholds>({ urgentFrom: 800, highFrom: 600, lowFrom: 200 });
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error));
  if (conditions.length === 0) return <p className="dw-quiet">{t("connect.tools.noConditions")}</p>;
  const take = (): void =>
    run(async () => {
      const { taken, changed } = await studio.client.takeAlarms(connection, thresholds);
      studio.notify("good", t("connect.tools.taken", { taken, changed }));
      onChanged();
    });
  return (
    <>
      <h3 className="dw-small-title">{t("connect.tools.conditions", { count: conditions.length })}</h3>
      <div className="dw-plant-form">
        {(["urgentFrom", "highFrom", "lowFrom"] as const).map((field) => (
          <NumberInput
            key={field}
            size="sm"
            min={1}
            max={1001}
            label={t(`connect.tools.${field}`)}
            value={thresholds[field]}
            onChange={(value) => setThresholds({ ...thresholds, [field]: Number(value) })}
          />
        ))}
        <Button
          size="sm"
          variant="default"
          loading={busy}
          disabled={!areOrdered(thresholds)}
          onClick={take}
          leftSection={<IconBell size={16} />}
        >
          {t("connect.tools.take")}
        </Button>
      </div>
      {conditions.slice(0, MAX_ROWS).map((condition) => (
        <ConditionRow key={condition.address} condition={condition} thresholds={thresholds} />
      ))}
    </>
  );
}

function areOrdered({ urgentFrom, highFrom, lowFrom }: Thresholds): boolean {
  return urgentFrom >= highFrom && highFrom >= lowFrom;
}

/** 1 is the most urgent of four; an unknown severity is low. */
function priorityOf(severity: number, { urgentFrom, highFrom, lowFrom }: Thresholds): number {
  if (severity === 0) return 3;
  return severity >= urgentFrom ? 1 : severity >= highFrom ? 2 : severity >= lowFrom ? 3 : 4;
}

function ConditionRow({ condition, thresholds }: { readonly condition: PlantCondition; readonly thresholds: Thresholds }): ReactNode {
  const { t } = useWords();
  const { address, source, name, message, severity, state } = condition;
  const word = (state & DISABLED) !== 0 ? "disabled" : (state & ACTIVE) !== 0 ? "active" : "normal";
  return (
    <div className="dw-plant-row" title={address}>
      <b>{source === "" ? name : `${source}: ${name}`}</b>
      <span className="dw-quiet-text">{message}</span>
      <span>{t(`connect.tools.${word}`)}</span>
      <span>
        {severity === 0
          ? t("connect.tools.severityUnknown")
          : t("connect.tools.severity", { severity, priority: priorityOf(severity, thresholds) })}
      </span>
    </div>
  );
}
