import { table } from './findings.ts'

/** Debian 12 as it was in the base image of June: what every image that was built on it inherits. */
const JUNE = table(`
  CVE-2024-5535  CRITICAL      9.1 0.0210 openssl   3.0.11-1~deb12u2   3.0.15-1~deb12u1   debian-june
  CVE-2024-6119  HIGH          7.5 0.0045 openssl   3.0.11-1~deb12u2   3.0.14-1~deb12u2   debian-june
  CVE-2024-4741  HIGH          7.5 0.0031 openssl   3.0.11-1~deb12u2   3.0.14-1~deb12u1   debian-june
  CVE-2023-6129  MEDIUM        6.5 0.0190 openssl   3.0.11-1~deb12u2   3.0.13-1~deb12u1   debian-june
  CVE-2024-0727  MEDIUM        5.5 0.0022 openssl   3.0.11-1~deb12u2   3.0.13-1~deb12u1   debian-june
  CVE-2024-2511  MEDIUM        5.9 0.0420 openssl   3.0.11-1~deb12u2   3.0.14-1~deb12u1   debian-june
  CVE-2024-9143  LOW           3.7 0.0014 openssl   3.0.11-1~deb12u2   3.0.15-1~deb12u1   debian-june
  CVE-2023-45853 CRITICAL      9.8 0.0110 zlib      1:1.2.13.dfsg-1    -                  debian-june
  CVE-2024-33599 HIGH          8.1 0.0052 glibc     2.36-9+deb12u4     2.36-9+deb12u7     debian-june
  CVE-2024-2961  HIGH          7.3 0.9270! glibc    2.36-9+deb12u4     2.36-9+deb12u6     debian-june
  CVE-2024-33602 HIGH          7.4 0.0009 glibc     2.36-9+deb12u4     2.36-9+deb12u7     debian-june
  CVE-2024-33600 MEDIUM        5.9 0.0008 glibc     2.36-9+deb12u4     2.36-9+deb12u7     debian-june
  CVE-2019-9192  INFORMATIONAL 3.7 0.0031 glibc     2.36-9+deb12u4     -                  debian-june
  CVE-2024-0553  HIGH          7.5 0.0098 gnutls28  3.7.9-2+deb12u1    3.7.9-2+deb12u2    debian-june
  CVE-2024-0567  HIGH          7.5 0.0074 gnutls28  3.7.9-2+deb12u1    3.7.9-2+deb12u2    debian-june
  CVE-2024-12243 MEDIUM        5.3 0.0041 gnutls28  3.7.9-2+deb12u1    3.7.9-2+deb12u4    debian-june
  CVE-2024-37371 CRITICAL      9.1 0.0060 krb5      1.20.1-2+deb12u1   1.20.1-2+deb12u2   debian-june
  CVE-2024-37370 HIGH          7.5 0.0039 krb5      1.20.1-2+deb12u1   1.20.1-2+deb12u2   debian-june
  CVE-2025-31115 HIGH          8.7 0.0012 xz-utils  5.4.1-0.2          5.4.1-1            debian-june
  CVE-2024-28085 LOW           3.3 0.0390 util-linux 2.38.1-5+b1       2.38.1-5+deb12u1   debian-june
  CVE-2023-50495 MEDIUM        6.5 0.0006 ncurses   6.4-4              -                  debian-june
  CVE-2024-2236  MEDIUM        5.9 0.0011 libgcrypt20 1.10.1-3         -                  debian-june
  CVE-2023-31484 HIGH          8.1 0.0160 perl      5.36.0-7+deb12u1   5.36.0-7+deb12u2   debian-june
  CVE-2011-4116  LOW           7.5 0.0018 perl      5.36.0-7+deb12u1   -                  debian-june
  CVE-2016-2781  LOW           6.5 0.0005 coreutils 9.1-1              -                  debian-june
  CVE-2005-2541  LOW           10.0 0.0370 tar      1.34+dfsg-1.2      -                  debian-june
  CVE-2011-3374  LOW           3.7 0.0015 apt       2.6.1              -                  debian-june
`)

/** What the API adds with apt. */
const API = table(`
  CVE-2023-38545 CRITICAL      9.8 0.2640! curl     7.88.1-10+deb12u3  7.88.1-10+deb12u4  api-apt
  CVE-2024-2398  HIGH          8.6 0.0083 curl      7.88.1-10+deb12u3  7.88.1-10+deb12u6  api-apt
  CVE-2024-7264  MEDIUM        6.5 0.0085 curl      7.88.1-10+deb12u3  7.88.1-10+deb12u7  api-apt
  CVE-2023-46218 MEDIUM        6.5 0.0024 curl      7.88.1-10+deb12u3  7.88.1-10+deb12u5  api-apt
  CVE-2023-44487 HIGH          7.5 0.9440! nghttp2  1.52.0-1           1.52.0-1+deb12u1   api-apt
  CVE-2024-28182 MEDIUM        5.3 0.1210 nghttp2   1.52.0-1           1.52.0-1+deb12u2   api-apt
  CVE-2024-45490 CRITICAL      9.8 0.0064 expat     2.5.0-1            2.5.0-1+deb12u1    api-apt
  CVE-2024-45491 CRITICAL      9.8 0.0049 expat     2.5.0-1            2.5.0-1+deb12u1    api-apt
  CVE-2023-52425 HIGH          7.5 0.0061 expat     2.5.0-1            2.5.0-1+deb12u2    api-apt
  CVE-2024-50602 MEDIUM        5.9 0.0017 expat     2.5.0-1            2.5.0-1+deb12u1    api-apt
  CVE-2024-56171 HIGH          7.8 0.0003 libxml2   2.9.14+dfsg-1.3    2.9.14+dfsg-1.3~deb12u2 api-apt
  CVE-2025-24928 HIGH          7.8 0.0004 libxml2   2.9.14+dfsg-1.3    2.9.14+dfsg-1.3~deb12u2 api-apt
  CVE-2024-25062 HIGH          7.5 0.0013 libxml2   2.9.14+dfsg-1.3    2.9.14+dfsg-1.3~deb12u1 api-apt
  CVE-2023-45322 MEDIUM        6.5 0.0016 libxml2   2.9.14+dfsg-1.3    -                  api-apt
  CVE-2023-7104  HIGH          7.3 0.0029 sqlite3   3.40.1-2           3.40.1-2+deb12u1   api-apt
`)

/** Published after the image was pushed: a later scan of the same digest finds them. */
const LATER = table(`
  CVE-2025-49794 CRITICAL      9.1 0.0026 libxml2   2.9.14+dfsg-1.3    2.9.14+dfsg-1.3~deb12u3 api-apt
  CVE-2025-6965  HIGH          7.2 0.0048 sqlite3   3.40.1-2           3.40.1-2+deb12u2   api-apt
`)

/** Debian's trackers now say that the package as built there was never affected. */
const WITHDRAWN = new Set([
  'CVE-2024-0553',
  'CVE-2024-0567',
  'CVE-2024-56171',
  'CVE-2025-24928',
  'CVE-2024-25062',
  'CVE-2023-6129',
])

export const API_FINDINGS = [...JUNE, ...API]
export const API_FINDINGS_LATER = [...API_FINDINGS.filter(({ id }) => !WITHDRAWN.has(id)), ...LATER]

/** Rebuilt in November: nothing left that is worse than MEDIUM. */
export const BASE_FINDINGS = table(`
  CVE-2023-50495 MEDIUM        6.5 0.0006 ncurses   6.4-4              -                  debian
  CVE-2024-2236  MEDIUM        5.9 0.0011 libgcrypt20 1.10.1-3         -                  debian
  CVE-2025-0167  MEDIUM        4.9 0.0007 curl      7.88.1-10+deb12u12 -                  node-22
  CVE-2011-4116  LOW           7.5 0.0018 perl      5.36.0-7+deb12u2   -                  debian
  CVE-2016-2781  LOW           6.5 0.0005 coreutils 9.1-1              -                  debian
  CVE-2005-2541  LOW           10.0 0.0370 tar      1.34+dfsg-1.2      -                  debian
  CVE-2019-9192  INFORMATIONAL 3.7 0.0031 glibc     2.36-9+deb12u10    -                  debian
`)

export const WEB_FINDINGS = table(`
  CVE-2024-6119  HIGH          7.5 0.0045 openssl   3.0.13-1~deb12u1   3.0.14-1~deb12u2   debian-june
  CVE-2024-33599 HIGH          8.1 0.0052 glibc     2.36-9+deb12u4     2.36-9+deb12u7     debian-june
  CVE-2023-31484 HIGH          8.1 0.0160 perl      5.36.0-7+deb12u1   5.36.0-7+deb12u2   debian-june
  CVE-2024-2236  MEDIUM        5.9 0.0011 libgcrypt20 1.10.1-3         -                  debian-june
`)

export const GATEWAY_FINDINGS = table(`
  CVE-2024-5535  CRITICAL      9.1 0.0210 openssl   3.0.11-1~deb12u2   3.0.15-1~deb12u1   debian-june
  CVE-2024-6119  HIGH          7.5 0.0045 openssl   3.0.11-1~deb12u2   3.0.14-1~deb12u2   debian-june
  CVE-2023-44487 HIGH          7.5 0.9440! nghttp2  1.52.0-1           1.52.0-1+deb12u1   gateway
`)

export const WORKER_FINDINGS = table(`
  CVE-2025-31115 HIGH          8.7 0.0012 xz-utils  5.4.1-0.2          5.4.1-1            debian-june
  CVE-2024-37370 HIGH          7.5 0.0039 krb5      1.20.1-2+deb12u1   1.20.1-2+deb12u2   debian-june
  CVE-2011-3374  LOW           3.7 0.0015 apt       2.6.1              -                  debian-june
`)

export const EDGE_FINDINGS = table(`
  CVE-2024-45490 CRITICAL      9.8 0.0064 expat     2.5.0-1            2.5.0-1+deb12u1    edge-amd64
  CVE-2023-52425 HIGH          7.5 0.0061 expat     2.5.0-1            2.5.0-1+deb12u2    edge-amd64
`)

/** Scanners' words that say little: nothing here is worth a message. */
export const CACHE_FINDINGS = table(`
  CVE-2024-58251 UNDEFINED     0 - busybox           1.36.1-r28        -                  alpine
  CVE-2025-46394 UNDEFINED     0 - busybox           1.36.1-r28        -                  alpine
  CVE-2023-42363 INFORMATIONAL 3.3 0.0002 busybox    1.36.1-r28        1.36.1-r29         alpine
`)
