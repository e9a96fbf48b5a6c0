from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.test.utils import override_settings

from accounts.models import User
from agreements.models import Agreement
from demo.bench import clone, deck, documents, imports, pages, plan, plan_sheets, sheets, volume
from demo.content import agreement as content
from demo.services import load_demo

DAY = date(2026, 11, 23)
DATABASE = "filrouge_bench"


class Command(BaseCommand):
    help = "Mesure le coût des pages (1 puis 1 000 conventions) et des documents, dans une base à part."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, help="fichier JSON des mesures")
        parser.add_argument("--agreements", type=int, default=1000)
        parser.add_argument(
            "--only",
            choices=["pages", "imports", "plan", "sheets", "volume"],
            help="une seule partie des mesures",
        )

    def handle(
        self, *, output: Path | None, agreements: int, only: str | None, **options: Any
    ) -> None:
        told: dict[str, Any] = {}
        with throwaway_database():
            self.say("Démonstration")
            load_demo(DAY, lambda step: None)
            example = Agreement.objects.select_related("lead_commune").get(slug=content.SLUG)
            user = User.objects.get(email=content.ACCOUNTS[0].email)
            if only in (None, "sheets"):
                told["sheets"] = self.measure_sheets()
                told["plan_sheets"] = self.measure_plan_sheets(example)
            # Pages last but one: a thousand copies of the agreement would slow what follows.
            if only in (None, "imports"):
                told["imports"] = self.measure_imports()
            if only in (None, "pages"):
                told |= self.measure_pages(example, user, agreements)
            if only in (None, "volume"):
                told["volume"] = self.measure_volume(example, user)
            # The last: it makes the plan of the example ten times longer.
            if only in (None, "plan"):
                told["plan"] = self.measure_plan(example, user)
        if output is not None:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
            self.say(f"Écrit dans {output}")

    def measure_pages(self, example: Agreement, user: User, agreements: int) -> dict[str, Any]:
        self.say("Documents")
        files = self.measure_documents(example)
        self.say("Pages, 1 convention")
        few = pages.measure(example, user)
        self.say(f"Copie en {agreements} conventions")
        clone.clone_agreement(example, agreements - 1)
        clone.settle()
        self.say(f"Pages, {agreements} conventions")
        many = pages.measure(example, user)
        rows = [page_row(name, few[name], many[name]) for name in few]
        self.print_pages(rows, agreements)
        self.print_documents(files)
        return {"agreements": agreements, "pages": rows, "documents": files}

    def measure_imports(self) -> dict[str, Any]:
        self.say("Import de Filosofi, à côté d'un COPY nu")
        cost = imports.filosofi()
        pandas = cost.pandas_seconds
        filosofi = {
            "rows": cost.rows,
            "source": cost.source,
            "s": round(cost.seconds, 2),
            "copy_s": round(cost.copy_seconds, 2),
            "pandas_s": round(pandas, 2) if pandas is not None else None,
            "ratio": round(cost.ratio, 2),
            "limit": imports.MAX_OVER_COPY,
            "holds": cost.ratio <= imports.MAX_OVER_COPY,
        }
        beside = f"{pandas:.1f} s" if pandas is not None else "non mesuré : pandas absent"
        self.stdout.write(
            f"{imports.FILOSOFI} ({cost.source}, {cost.rows} chiffres) : {cost.seconds:.2f} s, COPY nu"
            f" {cost.copy_seconds:.2f} s, rapport {cost.ratio:.2f} (au plus {imports.MAX_OVER_COPY})"
            f"{mark(filosofi['holds'])} ; pandas to_sql : {beside}"
        )
        self.say("Import d'un recensement, la moitié puis le tout")
        growth = imports.census()
        census = {
            "file_mb": round(growth.file_megabytes),
            "peak_mb": round(growth.megabytes),
            "s_half": round(growth.half_seconds, 1),
            "s": round(growth.seconds, 1),
            "growth": round(growth.growth, 2),
            "limit_mb": imports.MAX_MEGABYTES,
            "limit_growth": imports.MAX_GROWTH,
            "holds": growth.megabytes <= imports.MAX_MEGABYTES
            and growth.growth <= imports.MAX_GROWTH,
        }
        self.stdout.write(
            f"{imports.CENSUS} ({growth.file_megabytes:.0f} Mo) : {growth.seconds:.1f} s,"
            f" {growth.megabytes:.0f} Mo de mémoire (au plus {imports.MAX_MEGABYTES}) ; deux fois les"
            f" lignes, {growth.growth:.2f} fois le temps (au plus {imports.MAX_GROWTH})"
            f"{mark(census['holds'])}"
        )
        return {"filosofi": filosofi, "census": census}

    def measure_sheets(self) -> dict[str, Any]:
        self.say(f"Classeur de {sheets.ROWS} lignes, à côté d'openpyxl seul")
        cost = sheets.measure()
        told = {
            "rows": cost.rows,
            "cells": cost.cells,
            "preview_s": round(cost.preview_seconds, 2),
            "reading_s": round(cost.reading_seconds, 2),
            "preview_ratio": round(cost.preview_ratio, 2),
            "preview_limit": sheets.MAX_OVER_READING,
            "export_s": round(cost.export_seconds, 2),
            "writing_s": round(cost.writing_seconds, 2),
            "export_ratio": round(cost.export_ratio, 2),
            "export_limit": sheets.MAX_OVER_WRITING,
            "peak_mb": round(cost.megabytes),
            "limit_mb": sheets.MAX_MEGABYTES,
            "holds": cost.preview_ratio <= sheets.MAX_OVER_READING
            and cost.export_ratio <= sheets.MAX_OVER_WRITING
            and cost.megabytes <= sheets.MAX_MEGABYTES,
        }
        self.stdout.write(
            f"aperçu {cost.preview_seconds:.2f} s, lecture par openpyxl {cost.reading_seconds:.2f} s,"
            f" rapport {cost.preview_ratio:.2f} (au plus {sheets.MAX_OVER_READING}) ; export"
            f" {cost.export_seconds:.2f} s, écriture par openpyxl {cost.writing_seconds:.2f} s, rapport"
            f" {cost.export_ratio:.2f} (au plus {sheets.MAX_OVER_WRITING}) ; {cost.megabytes:.0f} Mo de"
            f" mémoire (au plus {sheets.MAX_MEGABYTES}){mark(told['holds'])}"
        )
        return told

    def measure_plan_sheets(self, example: Agreement) -> dict[str, Any]:
        self.say(f"Classeur du plan, {sheets.ROWS} lignes, à côté d'openpyxl seul")
        cost = plan_sheets.measure(example)
        told = {
            "lines": cost.lines,
            "preview_ratio": round(cost.preview_ratio, 2),
            "preview_limit": sheets.MAX_OVER_READING,
            "export_ratio": round(cost.export_ratio, 2),
            "export_limit": sheets.MAX_OVER_WRITING,
            "holds": cost.preview_ratio <= sheets.MAX_OVER_READING
            and cost.export_ratio <= sheets.MAX_OVER_WRITING,
        }
        self.stdout.write(
            f"aperçu {cost.preview_seconds:.2f} s, rapport {cost.preview_ratio:.2f} (au plus"
            f" {sheets.MAX_OVER_READING}) ; export {cost.export_seconds:.2f} s, rapport"
            f" {cost.export_ratio:.2f} (au plus {sheets.MAX_OVER_WRITING}){mark(told['holds'])}"
        )
        return told

    def measure_volume(self, example: Agreement, user: User) -> list[dict[str, Any]]:
        self.say(f"Pages, {volume.FEW} puis {volume.MANY} observations")
        few, many = volume.measure(example, user)
        rows = []
        for name, cost in many.items():
            growth = cost.seconds / few[name].seconds
            rows.append(
                {
                    "name": name,
                    "queries_few": few[name].queries,
                    "queries_many": cost.queries,
                    "ms_few": round(few[name].seconds * 1000, 2),
                    "ms_many": round(cost.seconds * 1000, 2),
                    "growth": round(growth, 2),
                    "holds": cost.queries <= volume.MAX_QUERIES and growth <= volume.MAX_GROWTH,
                }
            )
        for row in rows:
            self.stdout.write(
                f"{row['name']:<24}{row['queries_many']:>4} requêtes, {row['ms_few']:.1f} ms puis"
                f" {row['ms_many']:.1f} ms, rapport {row['growth']:.2f} (au plus"
                f" {volume.MAX_GROWTH}){mark(row['holds'])}"
            )
        return rows

    def measure_plan(self, example: Agreement, user: User) -> dict[str, Any]:
        self.say(f"Vues du plan, {plan.FEW} puis {plan.MANY} actions")
        few, many, drawn = plan.measure(example, user)
        rows = [plan_row(name, few[name], many[name]) for name in few]
        for row in rows:
            limit = f" (au plus {plan.MAX_RATIO})" if row["is_timed"] else ""
            self.stdout.write(
                f"{row['name']:<24}{row['queries_few']}/{row['queries_many']} requêtes,"
                f" {row['ms_few']:.1f} ms puis {row['ms_many']:.1f} ms, rapport {row['ratio']:.2f}"
                f"{limit}{mark(row['holds'])}"
            )
        first = {size: round(seconds * 1000) for size, seconds in drawn.items()}
        self.stdout.write(
            f"Calendrier, dessins à faire (une fois par jour) : {first['few']} ms puis {first['many']} ms"
        )
        return {"pages": rows, "first_drawing_ms": first}

    def measure_documents(self, example: Agreement) -> list[dict[str, Any]]:
        documents.thirty_actions(example)
        costs = [
            documents.dossier(example, DAY),
            documents.workbook(example, DAY),
            deck.deck(example, DAY),
        ]
        rows = [
            {
                "name": cost.name,
                "ms": round(cost.seconds * 1000),
                "floor_ms": round(cost.floor_seconds * 1000),
                "ratio": round(cost.ratio, 2),
                "limit": cost.limit,
                "limit_ms": cost.max_seconds and round(cost.max_seconds * 1000),
                "holds": cost.holds,
            }
            for cost in costs
        ]
        peak = documents.dossier_megabytes(example, DAY)
        rows[0] |= {"peak_mb": round(peak), "peak_holds": peak <= documents.MAX_MEGABYTES}
        return rows

    def print_pages(self, rows: list[dict[str, Any]], agreements: int) -> None:
        self.stdout.write(
            f"\n{'page':<24}{'requêtes':>10}{'ms, 1':>9}{f'ms, {agreements}':>11}{'rapport':>9}{'/ vide':>8}"
        )
        for row in rows:
            queries = f"{row['queries_few']}/{row['queries_many']}"
            mark = "" if row["holds"] else "  ← dépasse"
            self.stdout.write(
                f"{row['name']:<24}{queries:>10}{row['ms_few']:>9.1f}{row['ms_many']:>11.1f}"
                f"{row['growth']:>9.2f}{row['over_empty']:>8.1f}{mark}"
            )
        self.stdout.write(
            f"Plafonds : {pages.MAX_QUERIES} requêtes, les mêmes ; rapport {pages.MAX_GROWTH}."
            " « / vide » : par rapport à une page vide, session ouverte. La liste des conventions"
            " montre 50 lignes au lieu de 2.\n"
        )

    def print_documents(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            time = f" (au plus {row['limit_ms']} ms)" if row["limit_ms"] else ""
            peak = f", {row['peak_mb']} Mo au plus" if "peak_mb" in row else ""
            mark = "" if row["holds"] and row.get("peak_holds", True) else "  ← dépasse"
            self.stdout.write(
                f"{row['name']} : {row['ms']} ms{time}, plancher {row['floor_ms']} ms,"
                f" rapport {row['ratio']:.2f} (au plus {row['limit']}){peak}{mark}"
            )

    def say(self, step: str) -> None:
        self.stdout.write(f"• {step}")
        self.stdout.flush()


def mark(holds: object) -> str:
    return "" if holds else "  ← dépasse"


def page_row(name: str, few: pages.PageCost, many: pages.PageCost) -> dict[str, Any]:
    growth = many.seconds / few.seconds
    return {
        "name": name,
        "path": few.path,
        "queries_few": few.queries,
        "queries_many": many.queries,
        "ms_few": round(few.seconds * 1000, 2),
        "ms_many": round(many.seconds * 1000, 2),
        "growth": round(growth, 2),
        "over_empty": round(many.seconds / many.empty_seconds, 2),
        "holds": few.queries == many.queries <= pages.MAX_QUERIES
        and (growth <= pages.MAX_GROWTH or name == pages.LIST_OF_AGREEMENTS),
    }


def plan_row(name: str, few: pages.PageCost, many: pages.PageCost) -> dict[str, Any]:
    ratio = many.seconds / few.seconds
    is_timed = name in plan.TIMED
    return {
        "name": name,
        "queries_few": few.queries,
        "queries_many": many.queries,
        "ms_few": round(few.seconds * 1000, 2),
        "ms_many": round(many.seconds * 1000, 2),
        "ratio": round(ratio, 2),
        "is_timed": is_timed,
        "holds": few.queries == many.queries <= plan.MAX_QUERIES
        and (ratio <= plan.MAX_RATIO or not is_timed),
    }


@contextmanager
def throwaway_database() -> Iterator[None]:
    """A database of its own on the same server, dropped at the end: nothing of the user's is read."""
    own_name = settings.DATABASES["default"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with override_settings(
            DEBUG=False,
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        ):
            yield
    finally:
        connection.creation.destroy_test_db(own_name, verbosity=0)
