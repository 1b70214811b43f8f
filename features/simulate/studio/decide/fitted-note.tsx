import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { FittedParameter } from "@doppelwerk/client";
import {
  answerOf,
  datesText,
  durationText,
  fixedText,
  linesOf,
  useLoad,
  useScope,
  useStudio,
  useWords,
  withUnit,
} from "@doppelwerk/kit/studio";
import type { Translate, ValueNoteProps } from "@doppelwerk/kit/studio";
import { parameterDeclaredBy } from "../../model/declared-values.ts";
import * as simulate from "../../calls.ts";

const MINUTE = 60e6;

/** Beside a declared value of a station: what was observed of it and what the model takes, and the way to it. */
export default function FittedNote({ shell, name }: ValueNoteProps): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const lines = useLoad(linesOf(branch)).value ?? [];
  const line = lines.find(({ stations }) => stations.some((station) => station.shell === shell));
  const station = line?.stations.find((each) => each.shell === shell)?.id;
  const wanted = parameterDeclaredBy(name);
  const read = useLoad(
    line === undefined || wanted === undefined
      ? undefined
      : answerOf(simulate.listParameters, { params: { branch }, query: { line: line.id } }),
  );
  const fitted = read.value?.find((parameter) => parameter.station === station && parameter.name === wanted);
  if (fitted === undefined || line === undefined) return null;
  return (
    <small className="dw-quiet-text" title={fitted.fit}>
      <FittedText fitted={fitted} />{" "}
      <UnstyledButton
        className="dw-text-link"
        onClick={() => studio.address.go({ view: "decide", detail: undefined, line: line.id, subject: station })}
      >
        {t("simulate.decide.toModel")}
      </UnstyledButton>
    </small>
  );
}

/** `fitted from history: 2136 min (95 % 1475–3370), n = 21, 31 d of operating time`; that nothing was observed where it is so. */
function FittedText({ fitted: { mean, low, high, unit, n, source, overMin, counted } }: { readonly fitted: FittedParameter }): ReactNode {
  const { t, language, zone } = useWords();
  if (source === "unknown" || source === "nominal" || n === 0) return t("simulate.decide.declaredOnly");
  const [from, to] = [shortText(low), shortText(high)];
  const values = { value: withUnit(shortText(mean), unit), low: from, high: to, n };
  const what = t(source === "log" ? "simulate.decide.declaredInLog" : "simulate.decide.declaredFitted", values);
  if (overMin === undefined) return what;
  if (counted !== undefined) {
    const days = datesText(counted.from, counted.to, zone, language);
    return `${what}, ${t("simulate.decide.countedOver", { time: operatingText(overMin, counted, t), days })}`;
  }
  return `${what}, ${t("simulate.decide.observedOver", { duration: durationText(overMin * MINUTE, language) })}`;
}

/** `31.8 place-days (6 places)`; of one place days of operating time. */
export function operatingText(overMin: number, { places }: { readonly places: number }, t: Translate): string {
  const days = fixedText(overMin / (24 * 60), 1);
  return places > 1 ? t("simulate.decide.placeDays", { days, places }) : t("simulate.decide.operatingDays", { days });
}

/** Three digits, whole numbers from a hundred on. */
export function shortText(value: number | undefined): string {
  if (value === undefined) return "–";
  return value >= 100 ? fixedText(value, 0) : value >= 10 ? fixedText(value, 1) : fixedText(value, 2);
}
