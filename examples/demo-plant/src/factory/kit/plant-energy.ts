const WORKDAYS = ["mon", "tue", "wed", "thu", "fri"];
const EVERY_DAY = [...WORKDAYS, "sat", "sun", "holiday"];

/** The contract for electricity as somebody of the plant would enter it: fields of the body of `PUT /energy-tariffs/NAME`, with the prices of the metering service. */
export const plantTariff = {
  name: "grid",
  fields: {
    title: { en: "Electricity from the grid", zh: "电网供电" },
    medium: "electricity",
    currency: "EUR",
    validFrom: "2020-01-01",
    price: 0.142,
    bands: [
      { days: WORKDAYS, from: "08:00", to: "10:00", price: 0.274 },
      { days: WORKDAYS, from: "17:00", to: "20:00", price: 0.274 },
      { days: WORKDAYS, from: "06:00", to: "22:00", price: 0.198 },
      { days: ["sat"], from: "06:00", to: "14:00", price: 0.198 },
      { days: EVERY_DAY, from: "00:00", to: "24:00", price: 0.142 },
    ],
    holidays: [],
    demandCharge: 8.4,
  },
} as const;

/** The grid that the plant draws from: fields of the body of `PUT /carbon-grid`, with the address of the signal of its intensity. */
export const plantGrid = { zone: "DEMO", address: "#/CarbonIntensity", source: "Metering service of the demonstration factory" } as const;
