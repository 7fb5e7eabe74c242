import { table } from './findings.ts'

/** A Java service whose libraries were last looked at years ago. */
export const PAYMENTS_FINDINGS = table(`
  CVE-2021-44228 CRITICAL 10.0 0.9440! org.apache.logging.log4j:log4j-core 2.14.1 2.15.0 payments
  CVE-2021-45046 CRITICAL 9.0 0.9430! org.apache.logging.log4j:log4j-core 2.14.1 2.16.0 payments
  CVE-2021-44832 MEDIUM 6.6 0.4700 org.apache.logging.log4j:log4j-core 2.14.1 2.17.1 payments
  CVE-2021-45105 MEDIUM 5.9 0.6930 org.apache.logging.log4j:log4j-core 2.14.1 2.17.0 payments
  CVE-2022-22965 CRITICAL 9.8 0.9440! org.springframework:spring-beans 5.3.17 5.3.18 payments
  CVE-2022-22950 MEDIUM 6.5 0.0070 org.springframework:spring-expression 5.3.16 5.3.17 payments
  CVE-2022-1471 HIGH 8.3 0.9370! org.yaml:snakeyaml 1.26 2.0 payments
  CVE-2022-25857 HIGH 7.5 0.0130 org.yaml:snakeyaml 1.26 1.31 payments
  CVE-2022-38749 MEDIUM 6.5 0.0060 org.yaml:snakeyaml 1.26 1.31 payments
  CVE-2019-14379 CRITICAL 9.8 0.0380 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.9.2 payments
  CVE-2019-14540 CRITICAL 9.8 0.0870 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10 payments
  CVE-2019-16335 CRITICAL 9.8 0.0220 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10 payments
  CVE-2019-16942 CRITICAL 9.8 0.0140 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.1 payments
  CVE-2019-17267 CRITICAL 9.8 0.0150 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10 payments
  CVE-2019-20330 CRITICAL 9.8 0.0300 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.2 payments
  CVE-2020-8840 CRITICAL 9.8 0.3320! com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.3 payments
  CVE-2020-9547 CRITICAL 9.8 0.1650 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.4 payments
  CVE-2020-9548 CRITICAL 9.8 0.3010 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.4 payments
  CVE-2019-12086 HIGH 7.5 0.5250 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.9 payments
  CVE-2020-10672 HIGH 8.8 0.0310 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.4 payments
  CVE-2020-10673 HIGH 8.8 0.1530 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.4 payments
  CVE-2020-10968 HIGH 8.8 0.0340 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.4 payments
  CVE-2020-11111 HIGH 8.8 0.0330 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.4 payments
  CVE-2020-11112 HIGH 8.8 0.0340 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.4 payments
  CVE-2020-11113 HIGH 8.8 0.1460 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.4 payments
  CVE-2020-14060 HIGH 8.1 0.1000 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.5 payments
  CVE-2020-24616 HIGH 8.1 0.0410 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.6 payments
  CVE-2020-24750 HIGH 8.1 0.0130 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.9.10.6 payments
  CVE-2020-36518 HIGH 7.5 0.0060 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.12.6.1 payments
  CVE-2022-42003 HIGH 7.5 0.0040 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.12.7.1 payments
  CVE-2022-42004 HIGH 7.5 0.0040 com.fasterxml.jackson.core:jackson-databind 2.9.8 2.12.7.1 payments
  CVE-2016-1000027 CRITICAL 9.8 0.6210 org.springframework:spring-web 5.3.17 - payments
  CVE-2023-45853 CRITICAL 9.8 0.0110 zlib1g 1:1.2.13.dfsg-1 - debian-june
  CVE-2024-37371 CRITICAL 9.1 0.0060 libkrb5-3 1.20.1-2+deb12u1 - debian-june
  CVE-2023-50495 MEDIUM 6.5 0.0006 libtinfo6 6.4-4 - debian-june
  CVE-2016-2781 LOW 6.5 0.0005 coreutils 9.1-1 - debian-june
  CVE-2011-3374 LOW 3.7 0.0015 libapt-pkg6.0 2.6.1 - debian-june
`)

/** Inspector learns of it after the first scan, and finds it in an image that it already knows. */
export const PAYMENTS_NEW = table(`
  CVE-2024-1597 CRITICAL 9.8 0.0310 org.postgresql:postgresql 42.2.27 42.2.28 payments
`)

/** Most of it comes with the base image of June. */
export const STOREFRONT_FINDINGS = table(`
  CVE-2024-5535 CRITICAL 9.1 0.0210 libssl3 3.0.11-1~deb12u2 3.0.15-1~deb12u1 debian-june
  CVE-2024-6119 HIGH 7.5 0.0045 libssl3 3.0.11-1~deb12u2 3.0.14-1~deb12u2 debian-june
  CVE-2024-4741 HIGH 7.5 0.0031 libssl3 3.0.11-1~deb12u2 3.0.14-1~deb12u1 debian-june
  CVE-2024-33599 HIGH 8.1 0.0052 libc6 2.36-9+deb12u4 2.36-9+deb12u7 debian-june
  CVE-2024-2961 HIGH 7.3 0.9270! libc6 2.36-9+deb12u4 2.36-9+deb12u6 debian-june
  CVE-2024-0553 HIGH 7.5 0.0098 libgnutls30 3.7.9-2+deb12u1 3.7.9-2+deb12u2 debian-june
  CVE-2024-37370 HIGH 7.5 0.0039 libkrb5-3 1.20.1-2+deb12u1 1.20.1-2+deb12u2 debian-june
  CVE-2025-31115 HIGH 8.7 0.0012 liblzma5 5.4.1-0.2 5.4.1-1 debian-june
  CVE-2021-44906 CRITICAL 9.8 0.0090 minimist 1.2.5 1.2.6 storefront
  CVE-2021-23337 HIGH 7.2 0.0070 lodash 4.17.15 4.17.21 storefront
  CVE-2024-37890 HIGH 7.5 0.0080 ws 8.11.0 8.17.1 storefront
  CVE-2023-45857 MEDIUM 6.5 0.0010 axios 0.27.2 0.28.0 storefront
  CVE-2024-28849 MEDIUM 6.5 0.0030 follow-redirects 1.15.2 1.15.6 storefront
`)
