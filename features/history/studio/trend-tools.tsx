import { ActionIcon, Button, Menu, MultiSelect, Popover, SegmentedControl, Select, Switch, type ComboboxItem } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { downloadPng, fileMoment, fileName, saveFile, sizeText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { holdsWords } from "./holds-words.ts";
import { earlier, MAX_SIGNALS, spans } from "./trend-choice.ts";
import type { Band, Span, TrendChoice, Versus } from "./trend-choice.ts";
import type { Period } from "./use-series.ts";
import { versusText } from "./versus-text.ts";

/** Rows of a table file: what a spreadsheet opens without a sigh. */
const FILE_ROWS = 2_000;

/** Which signals, over which time, compared with what, and files of them. */
export function TrendTools({
  choice,
  signals,
  offered,
  period,
  onChoose,
}: {
  readonly choice: TrendChoice;
  /** Those shown. */
  readonly signals: readonly string[];
  readonly offered: readonly { readonly value: string; readonly label: string }[];
  readonly period: Period;
  /** Another span forgets the stretch that was zoomed into. */
  readonly onChoose: (change: Partial<TrendChoice>) => void;
}): ReactNode {
  const { t } = useWords();
  const keepingRange = (change: Partial<TrendChoice>): void =>
    onChoose({ ...change, ...(choice.range === undefined ? {} : { range: choice.range }) });
  return (
    <div className="dw-trends-bar">
      <MultiSelect
        className="dw-trends-signals"
        size="sm"
        aria-label={t("history.trend.signals")}
        placeholder={signals.length < MAX_SIGNALS ? t("history.trend.addSignal") : ""}
        value={[...signals]}
        maxValues={MAX_SIGNALS}
        onChange={(chosen) => keepingRange({ signals: chosen })}
        data={[...offered]}
        searchable
        filter={({ options, search, limit }) => (options as ComboboxItem[]).filter((option) => holdsWords(option, search)).slice(0, limit)}
        nothingFoundMessage={t("history.trend.noMatch")}
        hidePickedOptions
        limit={100}
      />
      <SegmentedControl
        size="xs"
        value={choice.range === undefined ? choice.span : ""}
        onChange={(span) => onChoose({ span: span as Span })}
        data={Object.keys(spans).map((key) => ({ value: key, label: t.or(`history.trend.span.${key}`, key) }))}
      />
      <Display>
        <DisplayChoices choice={choice} isSeveral={signals.length > 1} onChoose={keepingRange} />
      </Display>
      <FilesMenu signals={signals} period={period} />
    </div>
  );
}

/** Below it how trends are drawn is chosen behind one button: they need the screen themselves. */
const NARROW = "(max-width: 700px)";
const isNarrow = (): boolean => globalThis.matchMedia?.(NARROW).matches ?? false;

function Display({ children }: { readonly children: ReactNode }): ReactNode {
  const { t } = useWords();
  if (!isNarrow()) return children;
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <ActionIcon size="lg" variant="default" aria-label={t("history.trend.display")}>
          <IconAdjustmentsHorizontal size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className="dw-trends-display">{children}</Popover.Dropdown>
    </Popover>
  );
}

function DisplayChoices({
  choice,
  isSeveral,
  onChoose,
}: {
  readonly choice: TrendChoice;
  readonly isSeveral: boolean;
  readonly onChoose: (change: Partial<TrendChoice>) => void;
}): ReactNode {
  const { t } = useWords();
  // within the popover a list of its own would close it
  const comboboxProps = { withinPortal: !isNarrow() };
  return (
    <>
      <Select
        size="xs"
        comboboxProps={comboboxProps}
        aria-label={t("history.trend.band.name")}
        value={choice.band}
        allowDeselect={false}
        onChange={(band) => onChoose({ band: band as Band })}
        data={["range", "percentiles"].map((value) => ({ value, label: t.or(`history.trend.band.${value}`, value) }))}
      />
      <Select
        size="xs"
        comboboxProps={comboboxProps}
        aria-label={t("history.trend.versus.name")}
        w={190}
        value={choice.versus}
        allowDeselect={false}
        onChange={(versus) => onChoose({ versus: versus as Versus })}
        data={[...new Set([...(Object.keys(earlier) as Versus[]), choice.versus])].map((value) => ({ value, label: versusText(value, t) }))}
      />
      {isSeveral && <LayoutChoice choice={choice} comboboxProps={comboboxProps} onChoose={onChoose} />}
      <Switch
        size="xs"
        label={t("history.trend.table")}
        checked={choice.table}
        onChange={(event) => onChoose({ table: event.currentTarget.checked })}
      />
    </>
  );
}

/** One chart below another, or all in one. */
function LayoutChoice({
  choice: { overlaid },
  comboboxProps,
  onChoose,
}: {
  readonly choice: TrendChoice;
  readonly comboboxProps: { readonly withinPortal: boolean };
  readonly onChoose: (change: Partial<TrendChoice>) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <Select
      size="xs"
      comboboxProps={comboboxProps}
      aria-label={t("history.trend.layout.name")}
      value={overlaid ? "overlaid" : "below"}
      allowDeselect={false}
      onChange={(layout) => onChoose({ overlaid: layout === "overlaid" ? true : undefined })}
      data={["below", "overlaid"].map((value) => ({ value, label: t.or(`history.trend.layout.${value}`, value) }))}
    />
  );
}

function FilesMenu({ signals, period }: { readonly signals: readonly string[]; readonly period: Period }): ReactNode {
  const { client, notify, notifyFailure } = useStudio();
  const { t, zone: plant } = useWords();
  const { from, to } = period;
  const zone = plant.name;
  const save = (name: string, extension: string, bytes: Promise<Uint8Array>): void => {
    bytes.then(
      (file) => {
        const named = fileName([name, "from", fileMoment(from, plant)], extension);
        saveFile(named, file);
        notify("good", t("history.export.saved", { size: sizeText(file.byteLength) }), named);
      },
      (error: unknown) => notifyFailure(error, t("history.trend.exportFailed")),
    );
  };
  const samples = (format: "csv" | "parquet"): void => save("samples", format, client.exportSamples({ signals, from, to, format, zone }));
  const table = (format: "csv" | "parquet"): void => {
    const stepS = Math.max(0.001, Math.round((to - from) / FILE_ROWS / 1_000) / 1_000);
    save("table", format, client.exportSamples({ signals, from, to, format, stepS, zone }));
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        {isNarrow() ? (
          <ActionIcon size="lg" variant="default" aria-label={t("history.trend.export")} disabled={signals.length === 0}>
            <IconDownload size={18} />
          </ActionIcon>
        ) : (
          <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} disabled={signals.length === 0}>
            {t("history.trend.export")}
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => samples("csv")}>{t("history.trend.file.samplesCsv")}</Menu.Item>
        <Menu.Item onClick={() => samples("parquet")}>{t("history.trend.file.samplesParquet")}</Menu.Item>
        <Menu.Item onClick={() => table("csv")}>{t("history.trend.file.tableCsv")}</Menu.Item>
        <Menu.Item onClick={() => table("parquet")}>{t("history.trend.file.tableParquet")}</Menu.Item>
        <Menu.Item onClick={() => save("series", "aasx", client.exportSeries({ signals, from, to }))}>
          {t("history.trend.file.package")}
        </Menu.Item>
        <Menu.Item onClick={() => downloadPng("trends")}>{t("history.trend.file.png")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
