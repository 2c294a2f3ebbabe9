/** Shapes of 16 by 16, drawn with the colour of the text around them. */
const PATHS = {
  running: "M8 1.8a6.2 6.2 0 1 0 6.2 6.2M6.4 5.4v5.2L10.6 8z",
  person: "M8 7.6a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM2.8 14c.5-3 2.5-4.4 5.2-4.4s4.7 1.4 5.2 4.4z",
  time: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 4.6V8l2.5 1.7",
  children: "M8 2v4M8 6H3.500v4M8 6h4.500v4M2 10h3v3.500H2zM11 10h3v3.500h-3z",
  paused: "M5.200 3v10M10.800 3v10",
  error:
    "M5.300 1.800h5.400l3.500 3.500v5.400l-3.500 3.500H5.300l-3.500-3.500V5.300zM5.800 5.800l4.400 4.400M10.200 5.800l-4.400 4.400",
  complete: "M2.800 8.600 6.300 12l7-8",
  canceled: "M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800zM3.700 12.300l8.600-8.600",
  incomplete: "M8 2.200v.1M12 4v.1M13.800 8v.1M12 12v.1M8 13.800v.1M4 12v.1M2.200 8v.1M4 4v.1",
  jobs: "M2 4h12M2 8h12M2 12h8",
  inbox: "M2 9.500h3.500L6.500 11.500h3l1-2H14M2 9.500 4 3h8l2 6.500V13H2z",
  workflows: "M2 3h4v3H2zM10 10h4v3h-4zM10 3h4v3h-4zM6 4.500h4M4 6v5.500h6",
  automations: "M9 1.800 3.500 9H8l-1 5.200L12.500 7H8z",
  people:
    "M6 7.400a2.400 2.400 0 1 0 0-4.800 2.400 2.400 0 0 0 0 4.800zM1.800 13.500c.3-2.700 2-4 4.200-4s3.900 1.300 4.200 4M10.500 3a2.300 2.300 0 0 1 0 4.400M11.500 9.700c1.600.4 2.500 1.700 2.700 3.800",
  server: "M2.500 2.500h11v4.500h-11zM2.500 9h11v4.500h-11zM5 4.750h.1M5 11.250h.1",
  copy: "M5.500 5.500h8v8h-8zM3 10.500H2.500v-8h8V3",
  search: "M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10.500 10.500l3.500 3.500",
  close: "M3.500 3.500l9 9M12.500 3.500l-9 9",
  light:
    "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "incomplete" || name === "paused" ? 2 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
