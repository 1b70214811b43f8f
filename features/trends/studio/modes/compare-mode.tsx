import { Button, CloseButton, Menu, Switch, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  clockText,
  DAY,
  dateText,
  errorText,
  Failure,
  periodText,
  useLoad,
  useScope,
  useStudio,
  useThemeTokens,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { ModeProps } from "../analysis-view.tsx";
import { signalsOf, type Compared, type Stretch } from "../choice.ts";
import { middlesOf, numbersOf } from "../numbers.ts";
import type { Figure, FigurePart } from "../plot/figure.ts";
import { Plot } from "../plot/plot.tsx";
import { hueOf, useNaming } from "../use-names.ts";
import { readSource, usePeriod, whole, type Series } from "../use-series.ts";

const HEIGHT = 380;
/** Days that shifts are offered of. */
const SHIFT_DAYS = 14;

/** The same signals in several stretches of time, laid over each other by their beginnings: shifts, days, serials, against where they usually are. */
export function CompareMode({ choice, sources, onChoose }: ModeProps): ReactNode {
  const studio = useStudio();
  const { line } = useScope();
  const { t, language, zone } = useWords();
  const { period, key } = usePeriod(choice);
  const stretches: readonly Compared[] = [{ ...period, label: t("trends.compare.shown") }, ...choice.compared];
  const loaded = useLoad(
    async (signal) =>
      Promise.all(sources.map((id) => Promise.all(stretches.map((stretch) => readSource(studio, { id, line, signal }, stretch))))),
    [sources.join(","), key, line, JSON.stringify(choice.compared)],
  );
  const usual = useUsual(choice.showsUsual ? signalsOf(sources)[0] : undefined, period, key);
  return (
    <>
      <Card title={t("trends.compare.title")} note={t("trends.compare.note")}>
        <ComparedList compared={choice.compared} onChange={(compared) => onChoose({ sources, compared })} />
        <AddCompared period={period} onAdd={(added) => onChoose({ sources, compared: [...choice.compared, ...added] })} />
        <Switch
          size="xs"
          label={t("trends.compare.usual")}
          checked={choice.showsUsual}
          onChange={(event) => onChoose({ sources, showsUsual: event.currentTarget.checked })}
        />
      </Card>
      {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {loaded.value === undefined && loaded.kind !== "failed" && <Waiting />}
      {loaded.value?.map((series, at) => (
        <ComparedPlot
          key={sources[at]}
          source={sources[at]!}
          stretches={stretches}
          series={series}
          usual={at === sources.indexOf(signalsOf(sources)[0] ?? "") ? usual : undefined}
          title={periodText(period.from, period.to, zone, language)}
        />
      ))}
    </>
  );
}

interface UsualBand {
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly middle: Float64Array;
  readonly high: Float64Array;
  readonly periods: number;
}

/** Like periods before: a day apart, or a week where the stretch is longer than one. */
function useUsual(signalId: string | undefined, period: Stretch, key: unknown): UsualBand | undefined {
  const studio = useStudio();
  const loaded = useLoad(
    signalId === undefined
      ? undefined
      : async (signal) => {
          const asked = whole(period);
          const everyS = Math.ceil((asked.to - asked.from) / DAY) * 86_400;
          const band = await calls.usual(
            studio.client,
            { query: { signal: signalId, ...asked, everyS, periods: 20, points: 200 } },
            { signal },
          );
          return {
            x: middlesOf(0, band.width, band.middle.length),
            low: numbersOf(band.low),
            middle: numbersOf(band.middle),
            high: numbersOf(band.high),
            periods: band.periods,
          };
        },
    [signalId, key],
  );
  return loaded.value;
}

function ComparedPlot({
  source,
  stretches,
  series,
  usual,
  title,
}: {
  readonly source: string;
  readonly stretches: readonly Compared[];
  readonly series: readonly Series[];
  readonly usual: UsualBand | undefined;
  readonly title: string;
}): ReactNode {
  const { t } = useWords();
  const naming = useNaming();
  const colours = useThemeTokens();
  const unit = naming.unitOf(source, series[0]?.unit);
  const longest = Math.max(...stretches.map(({ from, to }) => to - from));
  const lines = series.flatMap(({ x, y, isStepped }, at): FigurePart[] => {
    if (x === undefined || y === undefined) return [];
    const moved = Float64Array.from(x, (time) => time - stretches[at]!.from);
    return [
      {
        kind: "line",
        name: stretches[at]!.label,
        unit,
        colour: colours[hueOf(at)],
        x: moved,
        y,
        isStepped,
        isDashed: at > 0 && at % 2 === 0,
      },
    ];
  });
  const band: FigurePart[] =
    usual === undefined || usual.periods === 0
      ? []
      : [
          {
            kind: "line",
            name: t("trends.compare.usualOf", { count: usual.periods }),
            unit,
            colour: colours.muted,
            x: usual.x,
            y: usual.middle,
            low: usual.low,
            high: usual.high,
            isDashed: true,
          },
        ];
  const figure: Figure = { x: { from: 0, to: longest }, xKind: "elapsed", xName: t("trends.compare.elapsed"), parts: [...band, ...lines] };
  const failed = series.find((each) => each.failed !== undefined)?.failed;
  const empty = series.flatMap(({ y }, at) => (y !== undefined && y.every(Number.isNaN) ? [stretches[at]!.label] : []));
  return (
    <Card title={naming.nameOf(source)} note={title}>
      {failed !== undefined && (
        <p className="dw-quiet" role="alert">
          {failed}
        </p>
      )}
      {series.some(({ states }) => states !== undefined) ? (
        <p className="dw-quiet">{t("trends.compare.noStates")}</p>
      ) : (
        <Plot label={t("trends.plot.compare", { name: naming.nameOf(source), count: lines.length })} figure={figure} height={HEIGHT} />
      )}
      {empty.length > 0 && <p className="dw-analysis-text">{t("trends.compare.empty", { what: empty.join(", ") })}</p>}
    </Card>
  );
}

function ComparedList({
  compared,
  onChange,
}: {
  readonly compared: readonly Compared[];
  readonly onChange: (compared: readonly Compared[]) => void;
}): ReactNode {
  const { t, language, zone } = useWords();
  if (compared.length === 0) return <p className="dw-quiet">{t("trends.compare.none")}</p>;
  return (
    <ul className="dw-analysis-compared">
      {compared.map((each, at) => (
        <li key={`${each.from} ${each.label}`}>
          {each.label} <small>{periodText(each.from, each.to, zone, language)}</small>
          <CloseButton
            size="xs"
            aria-label={t("trends.compare.remove", { what: each.label })}
            onClick={() => onChange(compared.filter((_, other) => other !== at))}
          />
        </li>
      ))}
    </ul>
  );
}

/** Like stretches before, shifts of the last days, and where serials were. */
function AddCompared({ period, onAdd }: { readonly period: Stretch; readonly onAdd: (added: readonly Compared[]) => void }): ReactNode {
  const { t, language, zone } = useWords();
  const [serial, setSerial] = useState("");
  const { find, failed } = useSerial(onAdd);
  const earlier = (back: number, label: string): Compared => ({ from: period.from - back, to: period.to - back, label });
  const shifts = useShifts(period);
  return (
    <div className="dw-analysis-row">
      <Button size="compact-sm" variant="default" onClick={() => onAdd([earlier(period.to - period.from, t("trends.compare.before"))])}>
        {t("trends.compare.before")}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => onAdd([earlier(DAY, t("trends.compare.dayBefore"))])}>
        {t("trends.compare.dayBefore")}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => onAdd([earlier(7 * DAY, t("trends.compare.weekBefore"))])}>
        {t("trends.compare.weekBefore")}
      </Button>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} disabled={shifts.length === 0}>
            {t("trends.compare.shift")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className="dw-analysis-shifts">
          {shifts.map((shift) => {
            const label = `${t.or(`shift.${shift.name.toLowerCase()}`, shift.name)} ${dateText(shift.from, zone, language)}`;
            return (
              <Menu.Item key={shift.from} onClick={() => onAdd([{ from: shift.from, to: shift.to, label }])}>
                {label}{" "}
                <small className="dw-quiet-text">
                  {clockText(shift.from, zone, false)}–{clockText(shift.to, zone, false)}
                </small>
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      <form
        className="dw-analysis-serial"
        onSubmit={(event) => {
          event.preventDefault();
          if (serial.trim() !== "") find(serial.trim(), () => setSerial(""));
        }}
      >
        <TextInput
          size="xs"
          aria-label={t("trends.compare.serial")}
          placeholder={t("trends.compare.serial")}
          value={serial}
          onChange={(event) => setSerial(event.currentTarget.value)}
          error={failed}
        />
        <Button size="compact-sm" variant="default" type="submit" disabled={serial.trim() === ""}>
          {t("trends.compare.addSerial")}
        </Button>
      </form>
    </div>
  );
}

function useSerial(onAdd: (added: readonly Compared[]) => void) {
  const studio = useStudio();
  const { time } = useScope();
  const { t } = useWords();
  const [failed, setFailed] = useState<string>();
  const find = (serial: string, onDone: () => void): void => {
    setFailed(undefined);
    calls.serialSpans(studio.client, { params: { serial }, query: { t: Math.floor(time.instant()) } }).then(
      ({ spans }) => {
        if (spans.length === 0) return setFailed(t("trends.compare.noSerial", { serial }));
        onAdd(spans.slice(0, 10).map(({ station, from, to }) => ({ from, to, label: `${serial} ${station}` })));
        onDone();
      },
      (error: unknown) => setFailed(errorText(error)),
    );
  };
  return { find, failed };
}

/** Shifts of the line in the days before the end of the stretch, newest first. */
function useShifts(period: Stretch) {
  const studio = useStudio();
  const { line } = useScope();
  const day = Math.ceil(period.to / DAY);
  const loaded = useLoad(
    async (signal) =>
      (await studio.client.rail((day - SHIFT_DAYS) * DAY, Math.ceil(period.to), 10, { signal, ...(line !== undefined && { line }) }))
        .shifts,
    [day, line],
  );
  return (loaded.value ?? []).toReversed();
}
