import type { Alarm, KnownRule } from "../contract.ts";

// Answered by the server of the demo plant.
export const rules: readonly KnownRule[] = [
  {
    id: "alarmRule:244b67d4cabf5f8eb9ee3b4d3c7d8990",
    fields: {
      title: { en: "Air pressure low at S090", zh: "S090 气压低" },
      shell: "urn:doppelwerk:demo-plant:shell:S090",
      station: "S090",
      condition: { kind: "low", signal: "signal:4914da3e9f21123cc5e5ac887015546b", limit: 5.5, deadband: 0.2 },
      priority: 2,
      onDelayS: 10,
      offDelayS: 30,
      cause: {
        en: "The supply has dropped, or the station leaks: compressor, dryer, main valve, hose.",
        zh: "供气压力下降或工位漏气:空压机、干燥机、主阀、软管。",
      },
      consequence: {
        en: "Clamps and grippers lose force; the station stops by itself below its own limit.",
        zh: "夹具与抓手夹紧力不足;低于自身下限时工位自动停机。",
      },
      response: {
        en: "Compare with the hall's pressure. If that is low too, call utilities; if not, look for a leak at the station.",
        zh: "与厂房总压对比:总压也低则通知动力部门,否则检查工位是否漏气。",
      },
      timeToRespondS: 300,
      latching: false,
      suppressedIn: ["off", "break", "maintenance"],
      enabled: true,
    },
    isStored: false,
    shipped: {
      title: { en: "Air pressure low at S090", zh: "S090 气压低" },
      shell: "urn:doppelwerk:demo-plant:shell:S090",
      station: "S090",
      condition: { kind: "low", signal: "signal:4914da3e9f21123cc5e5ac887015546b", limit: 5.5, deadband: 0.2 },
      priority: 2,
      onDelayS: 10,
      offDelayS: 30,
      cause: {
        en: "The supply has dropped, or the station leaks: compressor, dryer, main valve, hose.",
        zh: "供气压力下降或工位漏气:空压机、干燥机、主阀、软管。",
      },
      consequence: {
        en: "Clamps and grippers lose force; the station stops by itself below its own limit.",
        zh: "夹具与抓手夹紧力不足;低于自身下限时工位自动停机。",
      },
      response: {
        en: "Compare with the hall's pressure. If that is low too, call utilities; if not, look for a leak at the station.",
        zh: "与厂房总压对比:总压也低则通知动力部门,否则检查工位是否漏气。",
      },
      timeToRespondS: 300,
      latching: false,
      suppressedIn: ["off", "break", "maintenance"],
      enabled: true,
    },
  },
  {
    id: "alarmRule:a0cba8b4a28b0b33f40b90ccaecfb7ed",
    fields: {
      title: { en: "S090 has failed", zh: "S090 故障停机" },
      shell: "urn:doppelwerk:demo-plant:shell:S090",
      station: "S090",
      condition: { kind: "state", station: "S090", states: ["failed"] },
      priority: 1,
      onDelayS: 60,
      offDelayS: 5,
      cause: { en: "S090 Leak test reports a fault that has lasted over a minute.", zh: "S090 泄漏测试报告故障,且已持续一分钟以上。" },
      consequence: {
        en: "This is the constraint: every minute lost here is lost for the whole line.",
        zh: "该工位为瓶颈:此处损失的每一分钟都是整条产线的损失。",
      },
      response: {
        en: "Read the fault at the station's panel, clear it if it is yours to clear, else call maintenance and say which station and word.",
        zh: "在工位面板上查看故障信息;可自行排除的立即排除,否则呼叫维修并说明工位和状态字。",
      },
      timeToRespondS: 120,
      latching: false,
      suppressedIn: ["off", "break", "maintenance"],
      enabled: true,
    },
    isStored: false,
    shipped: {
      title: { en: "S090 has failed", zh: "S090 故障停机" },
      shell: "urn:doppelwerk:demo-plant:shell:S090",
      station: "S090",
      condition: { kind: "state", station: "S090", states: ["failed"] },
      priority: 1,
      onDelayS: 60,
      offDelayS: 5,
      cause: { en: "S090 Leak test reports a fault that has lasted over a minute.", zh: "S090 泄漏测试报告故障,且已持续一分钟以上。" },
      consequence: {
        en: "This is the constraint: every minute lost here is lost for the whole line.",
        zh: "该工位为瓶颈:此处损失的每一分钟都是整条产线的损失。",
      },
      response: {
        en: "Read the fault at the station's panel, clear it if it is yours to clear, else call maintenance and say which station and word.",
        zh: "在工位面板上查看故障信息;可自行排除的立即排除,否则呼叫维修并说明工位和状态字。",
      },
      timeToRespondS: 120,
      latching: false,
      suppressedIn: ["off", "break", "maintenance"],
      enabled: true,
    },
  },
  {
    id: "alarmRule:8600838d5b7b4a38084162b68579322f",
    fields: {
      title: { en: "No data from a connection", zh: "连接无数据" },
      condition: {
        kind: "noData",
        signals: [
          "signal:1460c1dfbace5cf9fa3dc0f723bc4d0c",
          "signal:25b59d4868cac3532a3c38cea826e61a",
          "signal:38707e61204aa2ee257c235ff0892c80",
        ],
        afterS: 360,
      },
      priority: 2,
      onDelayS: 0,
      offDelayS: 10,
      cause: {
        en: "The plant's server, its network or the edge node has stopped sending.",
        zh: "工厂服务器、网络或边缘节点停止发送数据。",
      },
      consequence: {
        en: "States and counts of its stations are unknown from then on; time without data is never counted as production.",
        zh: "此后相关工位的状态与计数未知;无数据时间不计为生产时间。",
      },
      response: {
        en: "Open the connection's page, read since when and why it is down, and tell the automation team. The archive fills the gap when it is back.",
        zh: "打开连接页面,查看中断时间与原因,并通知自动化团队。恢复后由归档补齐缺口。",
      },
      timeToRespondS: 600,
      latching: false,
      suppressedIn: ["off"],
      suppressedBy: "S090",
      enabled: true,
    },
    isStored: false,
    shipped: {
      title: { en: "No data from a connection", zh: "连接无数据" },
      condition: {
        kind: "noData",
        signals: [
          "signal:1460c1dfbace5cf9fa3dc0f723bc4d0c",
          "signal:25b59d4868cac3532a3c38cea826e61a",
          "signal:38707e61204aa2ee257c235ff0892c80",
        ],
        afterS: 360,
      },
      priority: 2,
      onDelayS: 0,
      offDelayS: 10,
      cause: {
        en: "The plant's server, its network or the edge node has stopped sending.",
        zh: "工厂服务器、网络或边缘节点停止发送数据。",
      },
      consequence: {
        en: "States and counts of its stations are unknown from then on; time without data is never counted as production.",
        zh: "此后相关工位的状态与计数未知;无数据时间不计为生产时间。",
      },
      response: {
        en: "Open the connection's page, read since when and why it is down, and tell the automation team. The archive fills the gap when it is back.",
        zh: "打开连接页面,查看中断时间与原因,并通知自动化团队。恢复后由归档补齐缺口。",
      },
      timeToRespondS: 600,
      latching: false,
      suppressedIn: ["off"],
      suppressedBy: "S090",
      enabled: true,
    },
  },
];

export const alarm: Alarm = {
  id: "alarmRule:46bbc092f2e750be6e9049d4cc4fb759",
  rule: "alarmRule:46bbc092f2e750be6e9049d4cc4fb759",
  station: "S120",
  title: { en: "S120 has failed", zh: "S120 故障停机" },
  state: "returnedUnacknowledged",
  priority: 2,
  since: 1795879572605000,
  changed: 1795880582975000,
  value: "failed",
  firstOut: true,
};
