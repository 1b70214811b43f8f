export { createAddressBar } from "./address/address-bar.ts";
export type { AddressBar } from "./address/address-bar.ts";
export { formatAddress, homeOf, instantText, parseAddress } from "./address/address.ts";
export type { Address, Screens } from "./address/address.ts";
export { base64url } from "./address/base64url.ts";
export { elementTabs, explorerModes, formatPlace, parsePlace } from "./address/place.ts";
export type { ElementTab, ExplorerMode, ExplorerPlace } from "./address/place.ts";
export { ChartTable } from "./charts/chart/chart-table.tsx";
export type { ChartStop } from "./charts/chart/readings.ts";
export { Chart } from "./charts/chart/chart.tsx";
export type { ChartMark, ChartPoint, ChartTone } from "./charts/chart/marks.ts";
export { FanChart } from "./charts/fan-chart.tsx";
export { DotInterval, KpiTable } from "./charts/kpi-table.tsx";
export { shownVerdict, verdictText } from "./charts/shown-verdict.ts";
export { medianAt, relativeFan } from "./charts/relative-fan.ts";
export type { FanBand } from "./charts/relative-fan.ts";
export { BottleneckShift, ShareBar, TimeShares, lookShares } from "./charts/time-shares.tsx";
export type { TrendLimit } from "./charts/trend-limits.ts";
export { SignalTrend } from "./charts/signal-trend.tsx";
export { OverlayChart } from "./charts/overlay-chart.tsx";
export { timeTicks } from "./charts/time-ticks.ts";
export { TrendChart, downloadPng, saveFile } from "./charts/trend-chart.tsx";
export { trendCsv } from "./charts/trend-csv.ts";
export { JsonEditor } from "./json/json-editor.tsx";
export type { JsonEditorProps } from "./json/json-editor.tsx";
export type { JsonFault } from "./json/json-fault.ts";
export { addWords, messageText, translate } from "./language/catalogues.ts";
export type { PlainCode, Translate } from "./language/catalogues.ts";
export { codeOfReason, errorCode, errorText, shownError, type ShownError } from "./language/error-text.ts";
export {
  inLanguage,
  isNamedById,
  signalName,
  stationName,
  stationTitle,
  switchLanguage,
  switchLanguage as startLanguage,
} from "./language/language.ts";
export { dateOfLog, periodOf } from "./language/log-words.ts";
export { useText } from "./session/use-text.ts";
export type { PackText } from "./session/use-text.ts";
export { roleWords } from "./language/role-words.ts";
export { elementLabel } from "./language/standard-words.ts";
export { aasOf, apiPath } from "./session/aas-api.ts";
export { StudioContext, ThemeContext, useStudio, useThemeTokens, useWords } from "./session/context.tsx";
export type { Freshness } from "./session/use-load.ts";
export { createPreferences, newPersonId } from "./session/preferences.ts";
export type { Preferences } from "./session/preferences.ts";
export { ScopeContext, WindowScope, useMoment, useScope } from "./session/scope.tsx";
export type { Scope } from "./session/scope.tsx";
export { SignalTable } from "./session/signal-table.ts";
export type { DisplayOfSignal, ShownEntry, TableValue } from "./session/signal-table.ts";
export { endedBetween, recordedSpans, stateSignals, withPresent } from "./session/state-history.ts";
export type { StateHistory, StateSpan } from "./session/state-history.ts";
export { enteredBranch, isWorldAsRead } from "./session/studio.ts";
export type { Notice, NoticeAction, Place, PresenceQuestion, RailAction, Studio } from "./session/studio.ts";
export { useSubject } from "./session/subject.ts";
export { useIsWholeSite } from "./views/whole-site.ts";
export { useOfShift, useShiftKpis } from "./session/use-kpis.tsx";
export { useProposedEdit } from "./session/use-proposed-edit.ts";
export type { ProposedEdit } from "./session/use-proposed-edit.ts";
export { answerOf, lineOf, linesOf, plantKinds } from "./session/load.ts";
export type { ChangedBy, Load } from "./session/load.ts";
export { loadOf, operation } from "./session/operation.ts";
export type { GivenToOperation, Operation } from "./session/operation.ts";
export { usePlaceNames } from "./session/use-place-names.ts";
export { useSignals } from "./session/use-signals.ts";
export { useTopic } from "./session/use-topic.ts";
export { useLoad } from "./session/use-load.ts";
export type { Audience } from "./session/use-may-administer.ts";
export { useMayAdminister, useMaySee, useSession } from "./session/use-may-administer.ts";
export type { Loaded } from "./session/use-load.ts";
export { useFormTask } from "./session/use-form-task.ts";
export { useTask } from "./session/use-task.ts";
export type { Task } from "./session/use-task.ts";
export { connectAction, connectCard, type PlantLookComponent, type PlantOfAction } from "./slots/connect-parts.ts";
export { connectTab } from "./slots/connect-tab.ts";
export { createRegistry } from "./slots/registry.ts";
export type { Registry } from "./slots/registry.ts";
export { requestEvidence } from "./slots/request-evidence.ts";
export { slot, view } from "./slots/slot.ts";
export type { PackOfView, Slot, View } from "./slots/slot.ts";
export { createSignal } from "./store/signal.ts";
export type { Signal } from "./store/signal.ts";
export { createStore, useStore } from "./store/store.ts";
export type { Store } from "./store/store.ts";
export { branchHue, branchHues, cssVariables, themes, token } from "./theme/tokens.ts";
export type { BranchHue, ThemeName, TokenName, Tokens } from "./theme/tokens.ts";
export {
  clockText,
  dateText,
  datesText,
  datedText,
  dayText,
  durationText,
  fileMoment,
  fileName,
  momentText,
  nearText,
  plannedDateText,
  monthText,
  periodText,
  zoneText,
} from "./time/format.ts";
export type { Language } from "./time/format.ts";
export { zoneNameText } from "@doppelwerk/world";
export { railTicks } from "./time/ticks.ts";
export type { RailTick } from "./time/ticks.ts";
export { createTimeController, speeds } from "./time/time-controller.ts";
export type { TimeController, TimeControllerOptions, TimeState } from "./time/time-controller.ts";
export { dayStart, fromLocal, nextDay, toLocal, zoneOf } from "./time/zone.ts";
export type { Zone } from "./time/zone.ts";
export { fittingCut, middleCut } from "./values/middle-cut.ts";
export { AlarmShape } from "./values/alarm-shape.tsx";
export { AuditLink } from "./values/audit-link.tsx";
export { Card, CardPart, Empty, Failure, NotReadAgain, Waiting } from "./values/card.tsx";
export { Heading, HeadingLevel } from "./values/heading.tsx";
export { DataTable } from "./values/data-table.tsx";
export type { Column } from "./values/data-table.tsx";
export { Dialog } from "./values/dialog.tsx";
export { FindingText } from "./values/finding-text.tsx";
export { withGaps } from "./values/gaps.ts";
export { Hint } from "./values/hint.tsx";
export { isActiveAlarm } from "@doppelwerk/sync";
export { Keys } from "./values/keys.tsx";
export { ErrorCode, Problem, TaskProblem, taskError } from "./values/problem.tsx";
export { OriginMark, originText, type ShownOrigin } from "./values/origin-mark.tsx";
export {
  digitsOf,
  differenceOf,
  fixedText,
  namedText,
  numberText,
  percentText,
  signedText,
  unitText,
  valueText,
  withUnit,
} from "./values/number.ts";
export { hatch, paintShape, roundedRect } from "./values/shapes.ts";
export { ScrollRegion } from "./values/scroll-region.tsx";
export { IndicatorBar, SignalValue } from "./values/shown-value.tsx";
export { byRelevance, placeOf, quantityOf, withoutPlace } from "./values/signal-order.ts";
export { Spark, SparkPath } from "./values/spark.tsx";
export { sizeText } from "./values/size-text.ts";
export { stateLook } from "./values/state-look.ts";
export type { StateLook } from "./values/state-look.ts";
export { StateStrip } from "./values/state-strip.tsx";
export { placesUp, stationWord, unknownAlarms, whyNoAlarms, whyNoCount, whyNoFigures, wipText } from "./values/station-word.ts";
export { TabList } from "./values/tab-list.tsx";
export type { TabOfList } from "./values/tab-list.tsx";
export { csvField } from "./values/csv-field.ts";
export { unitName } from "./values/unit-names.ts";
export { useSignal } from "./values/use-signal.ts";
export { ValueField, valueOfText, writtenText } from "./values/written-value.tsx";
export { AddressLink } from "./views/address-link.tsx";
export { ActionButton } from "./views/action-button.tsx";
export { railCell } from "./views/rail-lane.ts";
export type { RailLane, RailMark } from "./views/rail-lane.ts";
export { Form, FormDialog, useSentForm } from "./cards/form.tsx";
export type { SentForm } from "./cards/form.tsx";
export { ListPart } from "./cards/list-part.tsx";
export { LoadedCard, LoadedPart } from "./cards/loaded-card.tsx";
export type { Loading } from "./cards/loaded-card.tsx";
export { Question, RowActions } from "./cards/row-actions.tsx";
export type { RowAction } from "./cards/row-actions.tsx";
export { ShownOnce } from "./cards/shown-once.tsx";
export { anchorOf, titleOf, useListedParts } from "./views/settings-parts.ts";
export type { ListedPart, SettingCard } from "./views/settings-parts.ts";
export { shell } from "./views/shell.ts";
export type {
  ActionData,
  IconName,
  LaneData,
  PageData,
  PartIcon,
  SavedState,
  SectionData,
  SettingData,
  SettingsPartData,
  SubjectKind,
  TabData,
} from "./views/shell.ts";
export { kpiTargets } from "./views/kpi-targets.ts";
export type { TargetsOfKpis } from "./views/kpi-targets.ts";
export { ProposeSetUp } from "./views/propose-set-up.tsx";
export { KpiFigures, declaredKpis, type ShownKpi } from "./values/kpi-figures.tsx";
export { TargetMark } from "./values/target-mark.tsx";
export type { KpiTarget } from "./values/target-state.ts";
export { trendNotes, trendSpans } from "./views/trend-notes.ts";
export type { SpansOfSignals, TrendNotesProps } from "./views/trend-notes.ts";
export type { TrendSpan } from "./charts/trend-spans.ts";
export { signalDisplays } from "./views/signal-displays.ts";
export type { DisplaysOfSignals } from "./views/signal-displays.ts";
export { shellMark, type ShellMarkProps } from "./slots/shell-mark.ts";
export { forecastNote } from "./slots/forecast-note.ts";
export { valueNote, type ValueNoteProps } from "./slots/value-note.ts";
export type { Explained } from "./slots/explained.ts";
export { auditPage } from "./slots/audit-page.ts";
export { alarmBlock, type AlarmOfBlock } from "./slots/alarm-block.ts";
export { shiftBlock, type ShiftOfBlock } from "./slots/shift-block.ts";
export { ShellMarks } from "./views/shell-marks.tsx";
export { ValueNotes } from "./views/value-notes.tsx";
export { trendLimits } from "./views/trend-limits.ts";
export type { LimitsOfSignals } from "./views/trend-limits.ts";
export { useAction } from "./views/use-action.ts";
export { useKpiTargets } from "./views/use-kpi-targets.ts";
export { ViewFence } from "./views/view-fence.tsx";
export { fetchView, ViewOutlet } from "./views/view-outlet.tsx";
