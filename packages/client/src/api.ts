/**
 * Shapes of the own HTTP API under `/api/doppelwerk/v1` (the default world). Instants are microseconds.
 * Errors answer `{ error: { code, message, details? } }` with the status of the code.
 *
 * GET  /world                         → WorldInfo, with every line ; of any world, as is all below: /worlds/{world}/world
 * GET  /worlds → {worlds: ListedWorld[]} ; POST /worlds {name, title?} → ListedWorld ; GET /worlds/{world} → WorldContent ; PATCH /worlds/{world} {name?, title?, archived?} → ListedWorld ; DELETE /worlds/{world} → WorldContent
 * GET  /lines?branch                  → {lines: KnownLine[], findings}; what is of one line takes ?line=, without it the first is meant
 * GET  /line?branch                   → LineInfo (stations, flows, products, stage; from the shells of the branch)
 * GET  /lines/info?branch&lines        → {lines: LineInfo[]} (lines = comma list of ids)
 * GET  /rail?from&to&points           → Rail
 * GET  /window?signals&from&to        → binary samples frame (signals = comma list of ids, or `tracking` for every signal the line fold needs)
 * GET  /trend?signal&from&to&points&percentiles → Trend
 * GET  /durations?signal&from&to&points → StateDurations
 * GET  /history/damage                → HistoryDamage[]
 * GET  /export/time-series?signals&from&to → a package (AASX)
 * POST /time-series                   → SeriesSubmodel
 * GET  /at?t                          → binary samples frame, last sample of every signal at or before t
 * GET  /snapshot?t                    → Snapshot (the server's own fold, same code as the studio's; t absent = live)
 * GET  /kpis?from&to                  → Kpis ; GET /shifts → ShiftKpis[]
 * GET  /alarms?t                      → AlarmItem[] ; POST /alarms/{id}/acknowledge|shelve|unshelve {reason?, untilS?}
 * GET  /alarm-transitions?from&to&station&limit&cursor → {alarms: AlarmItem[], next?} (one per transition, newest first)
 * GET  /branches → Branch[] ; POST /branches {name, at?: Instant} → Branch ; DELETE /branches/{b}
 * GET  /branches/{b}/factors → Factor[] ; GET /branches/{b}/diff → DiffItem[] ; GET /branches/{b}/parameters → FittedParameter[]
 * GET  /branches/{b}/runs → RunSummary[] ; POST /branches/{b}/runs RunRequest → RunSummary ; DELETE /runs/{id} (cancel) ; GET /runs/{id} → RunResult ; POST /runs/{id}/rerun → RunSummary
 * GET  /runs/{id}/model → RunModel (what was simulated, so that any replication can be watched)
 * GET  /backtest → Backtest | {state:"running", done, total}
 * GET  /branches/{b}/drift → DriftNotice
 * GET  /merge-requests → MergeRequest[] ; POST /merge-requests {branch, title, text, runs, planned} → MergeRequest
 * GET  /merge-requests/{id} → MergeRequestDetail ; POST …/comments {text} ; POST …/approve ; POST …/merge ; POST …/reject {text}
 * GET  /log?before&limit → LogLine[]
 * POST /import?name (the file as application/octet-stream) → ImportReport
 * GET  /connections → ConnectionStatus[] ; POST /connections ConnectionRequest & {name} → ConnectionStatus ; POST /connections/browse ConnectionRequest → what the plant offers
 * GET  /secrets → string[] ; PUT|DELETE /secrets/{name}
 * GET  /submodels/{id base64url}/versions?branch&path&limit → DocumentVersion[]
 * POST /submodels/{id base64url}/rename {branch?, path, idShort, reason?} → Renaming
 * GET  /shells/{id base64url}/versions?branch&limit → DocumentVersion[]
 * GET  /shells/{aasId base64url}/card?branch&at → ShellCard (nameplate, documents, signals of one asset)
 * The person is sent as headers `Doppelwerk-Person` (opaque client id) and `Doppelwerk-Name` (percent-encoded UTF-8), shown *unverified*.
 */
export const API_BASE = "/api/doppelwerk/v1";

export interface Text {
  readonly en: string;
  readonly zh: string;
}
