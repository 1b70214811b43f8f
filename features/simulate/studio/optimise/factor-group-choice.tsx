import { Checkbox, Collapse, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Factor } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import { FactorBounds } from "./factor-bounds.tsx";
import { hasSum, type FactorChoice, type FactorGroup, type TotalKind } from "./request-draft.ts";

interface FactorGroupProps {
  readonly group: FactorGroup;
  readonly members: readonly Factor[];
  readonly choices: ReadonlyMap<string, FactorChoice>;
  readonly isPriced: boolean;
  readonly total: TotalKind;
  readonly name: (factor: Factor) => string;
  readonly onChoose: (which: readonly Factor[], on: boolean) => void;
  readonly onChange: (key: string, choice: FactorChoice) => void;
  readonly onTotal: (total: TotalKind) => void;
}

/** One kind of factors: all, some or none of them, whether their sum is kept, and the bounds of each when opened. */
export function FactorGroupChoice({
  group,
  members,
  choices,
  isPriced,
  total,
  name,
  onChoose,
  onChange,
  onTotal,
}: FactorGroupProps): ReactNode {
  const { t } = useWords();
  const chosen = members.filter(({ key }) => choices.has(key));
  const sum = chosen.reduce((all, { value }) => all + value, 0);
  const [isOpen, setOpen] = useState(false);
  return (
    <section className={`dw-search-group ${chosen.length > 0 ? "is-on" : ""}`}>
      <div className="dw-search-group-head">
        <Checkbox
          size="sm"
          label={t(`simulate.optimise.group.${group}`)}
          checked={chosen.length === members.length}
          indeterminate={chosen.length > 0 && chosen.length < members.length}
          onChange={(event) => onChoose(members, event.currentTarget.checked)}
        />
        <button type="button" className="dw-link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {chosen.length === 0 ? members.length : `${chosen.length}/${members.length}`}
        </button>
      </div>
      {hasSum(group, chosen) && (
        <>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t("simulate.optimise.sum", { group: t(`simulate.optimise.group.${group}`) })}
            value={total}
            onChange={(value) => onTotal(value as TotalKind)}
            data={[
              { value: "exactly", label: t("simulate.optimise.keepTotal") },
              { value: "atMost", label: t("simulate.optimise.atMost", { total: sum }) },
              { value: "free", label: t("simulate.optimise.free") },
            ]}
          />
          {total === "exactly" && <p className="dw-fine">{t("simulate.optimise.keepTotalHint", { total: sum })}</p>}
        </>
      )}
      <Collapse expanded={isOpen}>
        <p className="dw-fine dw-search-bounds">{t(isPriced ? "simulate.optimise.boundsPriced" : "simulate.optimise.bounds")}</p>
        {members.map((factor) => (
          <FactorBounds
            key={factor.key}
            factor={factor}
            what={name(factor)}
            choice={choices.get(factor.key)}
            isPriced={isPriced}
            onChoose={(isChosen) => onChoose([factor], isChosen)}
            onChange={(choice) => onChange(factor.key, choice)}
          />
        ))}
      </Collapse>
    </section>
  );
}
