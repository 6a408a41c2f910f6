// Line icons, drawn from lucide's tables; only those named here are in the bundle.
import { createElement } from "preact";
import {
  ArrowLeft,
  ArrowUp,
  AtSign,
  Ban,
  BellRing,
  Bell,
  Bookmark,
  Bot,
  ChartBar,
  Check,
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  CircleAlert,
  Clock,
  Compass,
  Copy,
  Crosshair,
  Ellipsis,
  ExternalLink,
  Eye,
  EyeOff,
  Filter,
  Flag,
  Gavel,
  Globe,
  Hash,
  History,
  House,
  Image,
  ImagePlus,
  Inbox,
  Info,
  KeyRound,
  Keyboard,
  Languages,
  Link,
  List,
  ListChecks,
  Lock,
  LogIn,
  LogOut,
  Mail,
  MailX,
  Menu,
  MessageCircle,
  MonitorSmartphone,
  Moon,
  Network,
  Palette,
  Pencil,
  Feather,
  Pin,
  Plus,
  RefreshCw,
  Repeat2,
  Reply,
  ScrollText,
  Search,
  Send,
  Settings,
  Share2,
  ShieldCheck,
  Smile,
  Star,
  Sun,
  Ticket,
  Trash2,
  TriangleAlert,
  UserCheck,
  UserMinus,
  UserPlus,
  UserRound,
  Users,
  Volume2,
  VolumeX,
  WifiOff,
  Wrench,
  X,
} from "lucide";

const icons = {
  back: ArrowLeft,
  up: ArrowUp,
  at: AtSign,
  block: Ban,
  bell: Bell,
  notify: BellRing,
  bookmark: Bookmark,
  bot: Bot,
  poll: ChartBar,
  check: Check,
  down: ChevronDown,
  left: ChevronLeft,
  right: ChevronRight,
  alert: CircleAlert,
  clock: Clock,
  explore: Compass,
  copy: Copy,
  focus: Crosshair,
  more: Ellipsis,
  external: ExternalLink,
  eye: Eye,
  eyeOff: EyeOff,
  filter: Filter,
  flag: Flag,
  gavel: Gavel,
  globe: Globe,
  hash: Hash,
  history: History,
  home: House,
  image: Image,
  addImage: ImagePlus,
  inbox: Inbox,
  info: Info,
  key: KeyRound,
  keyboard: Keyboard,
  language: Languages,
  link: Link,
  list: List,
  choices: ListChecks,
  lock: Lock,
  login: LogIn,
  logout: LogOut,
  mail: Mail,
  mailBlock: MailX,
  menu: Menu,
  reply: MessageCircle,
  devices: MonitorSmartphone,
  moon: Moon,
  network: Network,
  palette: Palette,
  edit: Pencil,
  write: Feather,
  pin: Pin,
  plus: Plus,
  refresh: RefreshCw,
  boost: Repeat2,
  replyTo: Reply,
  scroll: ScrollText,
  search: Search,
  send: Send,
  settings: Settings,
  share: Share2,
  shield: ShieldCheck,
  smile: Smile,
  star: Star,
  sun: Sun,
  ticket: Ticket,
  trash: Trash2,
  warning: TriangleAlert,
  following: UserCheck,
  unfollow: UserMinus,
  follow: UserPlus,
  person: UserRound,
  people: Users,
  unmute: Volume2,
  mute: VolumeX,
  offline: WifiOff,
  tools: Wrench,
  close: X,
} as const;

export type IconName = keyof typeof icons;

export function Icon({ name, label }: { name: IconName; label?: string }) {
  const drawing = icons[name];
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.9"
      stroke-linecap="round"
      stroke-linejoin="round"
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
    >
      {drawing.map(([tag, attributes], index) => createElement(tag, { ...attributes, key: index }))}
    </svg>
  );
}

/** The mark: a house that speaks. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 48 48" aria-hidden="true">
      <path
        class="mark-house"
        d="M21.2 5.1a4.6 4.6 0 0 1 5.6 0l12.7 9.8A6.6 6.6 0 0 1 42 20v11.5a6.6 6.6 0 0 1-6.6 6.6H22.9l-8.1 6.3a1.5 1.5 0 0 1-2.4-1.2v-5.1A6.6 6.6 0 0 1 6 31.5V20a6.6 6.6 0 0 1 2.5-5.1z"
      />
      <path class="mark-door" d="M24 18.2a6 6 0 0 1 6 6v5.3a1.6 1.6 0 0 1-1.6 1.6h-8.8a1.6 1.6 0 0 1-1.6-1.6v-5.3a6 6 0 0 1 6-6z" />
    </svg>
  );
}
