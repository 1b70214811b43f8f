import { ActionIcon, Button, Menu, NumberInput, Switch } from "@mantine/core";
import { IconLineDashed, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ModeProps } from "../analysis-view.tsx";
import { signalsOf, type DrawnLimit } from "../choice.ts";
import type { Naming } from "../use-names.ts";
import type { Series } from "../use-series.ts";

/** Limits that are drawn: added above or below what is shown, moved by the line or by number, and given to the alarms below. */
export function LimitRow({
  choice,
  sources,
  series,
  naming,
  onChoose,
}: ModeProps & { readonly series: readonly Series[]; readonly naming: Naming }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const numeric = series.filter(({ id, y }) => y !== undefined && signalsOf([id]).length > 0);
  const add = (each: Series, kind: "high" | "low"): void => {
    const values = (kind === "high" ? each.high : each.low) ?? each.y!;
    let at = Number.NaN;
    for (const value of values) if (!Number.isNaN(value) && !(kind === "high" ? value <= at : value >= at)) at = value;
    const resolution = studio.signals.entry(each.id)?.resolution;
    const rounded = resolution === undefined ? Number(at.toPrecision(4)) : Math.round(at / resolution) * resolution;
    if (!Number.isNaN(at)) onChoose({ sources, limits: [...choice.limits, { signal: each.id, kind, at: rounded }] });
  };
  return (
    <div className="dw-analysis-row">
      {choice.limits.map((limit, at) => (
        <LimitField
          key={at}
          limit={limit}
          naming={naming}
          onChange={(next) =>
            onChoose({ limits: choice.limits.flatMap((each, other) => (other !== at ? [each] : next === undefined ? [] : [next])) })
          }
        />
      ))}
      {numeric.length > 0 && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button size="compact-sm" variant="default" leftSection={<IconLineDashed size={14} />}>
              {t("trends.limit.add")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {numeric.flatMap((each) =>
              (["high", "low"] as const).map((kind) => (
                <Menu.Item key={`${each.id} ${kind}`} onClick={() => add(each, kind)}>
                  {naming.nameOf(each.id)}: {t(`trends.limit.${kind}`)}
                </Menu.Item>
              )),
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      <Switch
        size="xs"
        label={t("trends.showMarks")}
        checked={!choice.hidesMarks}
        onChange={(event) => onChoose({ hidesMarks: !event.currentTarget.checked })}
      />
    </div>
  );
}

function LimitField({
  limit,
  naming,
  onChange,
}: {
  readonly limit: DrawnLimit;
  readonly naming: Naming;
  /** Undefined: it is taken away. */
  readonly onChange: (limit: DrawnLimit | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  const name = naming.nameOf(limit.signal);
  const unit = naming.unitOf(limit.signal);
  return (
    <span className="dw-analysis-limit">
      <NumberInput
        size="xs"
        aria-label={t("trends.limit.of", { kind: t(`trends.limit.${limit.kind}`), name })}
        value={limit.at}
        leftSection={limit.kind === "high" ? "≤" : "≥"}
        suffix={unit === "" ? "" : `\u202f${unit}`}
        onChange={(at) => typeof at === "number" && at !== limit.at && onChange({ ...limit, at })}
      />
      <ActionIcon variant="subtle" color="gray" aria-label={t("trends.limit.remove", { name })} onClick={() => onChange(undefined)}>
        <IconX size={14} />
      </ActionIcon>
    </span>
  );
}
