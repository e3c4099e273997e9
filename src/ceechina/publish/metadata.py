"""What catalogues read about a package: DataCite, schema.org and Croissant, each a rendering of `datapackage.json`.

Nothing is stated here; every title, name, number and hash is the descriptor's. Paths are relative to the package,
so the files stand beside `datapackage.json`. The words of each standard are those of its published form:
DataCite Metadata Schema 4.5, schema.org `Dataset`, MLCommons Croissant 1.0, CSV on the Web (see `csvw`).
"""

from __future__ import annotations

from typing import Any

from ceechina.publish.citation import filled, suggested
from ceechina.publish.csvw import csvw

Json = dict[str, Any]

METADATA_FILES = ("croissant.json", "csv-metadata.json", "datacite.json", "schema-org.json")

CROISSANT_TERMS = (
    *("citeAs", "column", "examples", "extract", "field", "fileObject", "fileProperty", "fileSet", "format"),
    *("equivalentProperty", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
    *("references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform"),
)
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    **{term: f"cr:{term}" for term in CROISSANT_TERMS},
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
CROISSANT_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
# Croissant names Parquet by a type older than the one registered for it
ENCODINGS = {"csv": "text/csv", "parquet": "application/x-parquet"}


def metadata_files(descriptor: Json) -> dict[str, Json]:
    """Contents of the metadata files of a package, by name.

    DataCite asks for the year of publication: the file is there from the day a version is dated.

    Args:
        descriptor: The content of `datapackage.json`.
    """
    files = {
        "croissant.json": croissant(descriptor),
        "csv-metadata.json": csvw(descriptor),
        "schema-org.json": schema_org(descriptor),
    }
    return files | ({"datacite.json": datacite(descriptor)} if "created" in descriptor else {})


def datacite(descriptor: Json) -> Json:
    """DataCite 4 metadata of a dated package, as a DOI registration takes it."""
    creators = _creators(descriptor)
    issued = descriptor["created"][:10]
    licence = descriptor["licenses"][0]
    related = [(descriptor.get("isVersionOf"), "IsVersionOf")]
    related += [(source.get("path"), "IsDerivedFrom") for source in descriptor["sources"]]
    return filled(
        {
            "doi": _bare_doi(descriptor.get("id", "")),
            "url": descriptor.get("homepage"),
            "creators": [_datacite_creator(creator) for creator in creators],
            "titles": [{"title": descriptor["title"], "lang": "en"}],
            "publisher": {"name": "; ".join(creator["title"] for creator in creators)},
            "publicationYear": issued[:4],
            "types": {"resourceType": "Dataset", "resourceTypeGeneral": "Dataset"},
            "subjects": [{"subject": keyword} for keyword in descriptor["keywords"]],
            "dates": [{"date": issued, "dateType": "Issued"}],
            "language": "en",
            "relatedIdentifiers": [_related(address, relation) for address, relation in related if address],
            "sizes": [f"{_size(resource)} bytes ({resource['path']})" for resource in descriptor["resources"]],
            "formats": sorted({resource["mediatype"] for resource in descriptor["resources"]}),
            "version": descriptor["version"],
            "rightsList": [
                {
                    "rights": licence["title"],
                    "rightsUri": licence["path"],
                    "rightsIdentifier": licence["name"],
                    "rightsIdentifierScheme": "SPDX",
                    "schemeUri": "https://spdx.org/licenses/",
                }
            ],
            "descriptions": [{"description": descriptor["description"], "descriptionType": "Abstract", "lang": "en"}],
            "geoLocations": [{"geoLocationPlace": name} for name in descriptor["coverage"]["countries"]],
            "schemaVersion": "http://datacite.org/schema/kernel-4",
        }
    )


def _datacite_creator(creator: Json) -> Json:
    given, family, path = (creator.get(key, "") for key in ("givenName", "familyName", "path"))
    orcid = {"nameIdentifier": path, "nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}
    return filled(
        {
            "name": f"{family}, {given}" if given else creator["title"],
            "nameType": "Personal" if given else "Organizational",
            "givenName": given,
            "familyName": family,
            "nameIdentifiers": [orcid] if path else [],
        }
    )


def _related(address: str, relation: str) -> Json:
    doi = _bare_doi(address)
    kind = "DOI" if doi else "URL"
    return {"relatedIdentifier": doi or address, "relatedIdentifierType": kind, "relationType": relation}


def schema_org(descriptor: Json) -> Json:
    """The package as a schema.org `Dataset` in JSON-LD, for search engines."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        **_dataset(descriptor),
        "variableMeasured": [
            {"@type": "PropertyValue", "name": name, "description": description}
            for name, description in _variables(descriptor).items()
        ],
        "distribution": [
            {"@type": "DataDownload", "name": resource["path"].removeprefix("data/"), **_file(resource)}
            for resource in descriptor["resources"]
        ],
    }


def croissant(descriptor: Json) -> Json:
    """The package in MLCommons Croissant: its files, and each table's columns read from the Parquet file."""
    resources = descriptor["resources"]
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        **_dataset(descriptor),
        "citeAs": suggested(descriptor["version"]),
        "isLiveDataset": False,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": resource["path"],
                "name": resource["path"],
                **_file(resource),
                "encodingFormat": ENCODINGS[resource["format"]],
            }
            for resource in resources
        ],
        "recordSet": [_record_set(resource) for resource in resources if resource["format"] == "parquet"],
    }


def _record_set(resource: Json) -> Json:
    # without references between fields: mlcroissant joins by them and stops at a table's second one, or at one to
    # itself; they stand in `datapackage.json` and `csv-metadata.json`
    table, schema = resource["table"], resource["schema"]
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": resource["description"],
        "key": [{"@id": f"{table}/{name}"} for name in schema["primaryKey"]],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table}/{field['name']}",
                "name": f"{table}/{field['name']}",
                "description": field["description"],
                "dataType": CROISSANT_TYPES[field["type"]],
                "source": {"fileObject": {"@id": resource["path"]}, "extract": {"column": field["name"]}},
            }
            for field in schema["fields"]
        ],
    }


def _dataset(descriptor: Json) -> Json:
    """What schema.org and Croissant say alike."""
    coverage = descriptor["coverage"]
    creators = [_agent(creator) for creator in _creators(descriptor)]
    return filled(
        {
            "name": descriptor["title"],
            "alternateName": descriptor["name"],
            "description": descriptor["description"],
            "version": descriptor["version"],
            "identifier": descriptor.get("id"),
            "url": descriptor.get("homepage") or descriptor.get("id"),
            "archivedAt": descriptor.get("releases"),
            "datePublished": descriptor.get("created", "")[:10],
            "license": descriptor["licenses"][0]["path"],
            "creator": creators,
            "publisher": creators,
            "keywords": descriptor["keywords"],
            "inLanguage": "en",
            "isAccessibleForFree": True,
            "isBasedOn": [
                filled({"@type": "CreativeWork", "name": source["title"], "url": source.get("path")})
                for source in descriptor["sources"]
            ],
            "spatialCoverage": [{"@type": "Place", "name": name} for name in coverage["countries"]],
            "temporalCoverage": f"{coverage['start']}/{coverage['end']}" if "start" in coverage else "",
        }
    )


def _agent(creator: Json) -> Json:
    given, family, path = (creator.get(key) for key in ("givenName", "familyName", "path"))
    kind = "Person" if given else "Organization"
    names = {"givenName": given, "familyName": family}
    return filled({"@type": kind, "@id": path, "name": creator["title"], **names})


def _variables(descriptor: Json) -> dict[str, str]:
    """Columns of the core tables, each name once."""
    core = [resource for resource in descriptor["resources"] if resource["part"] == "core"]
    return {field["name"]: field["description"] for resource in core for field in resource["schema"]["fields"]}


def _file(resource: Json) -> Json:
    return {
        "description": resource["description"],
        "contentUrl": resource["path"],
        "encodingFormat": resource["mediatype"],
        "contentSize": f"{_size(resource)} B",
        "sha256": resource["hash"].removeprefix("sha256:"),
    }


def _size(resource: Json) -> int:
    size: int = resource["bytes"] if "bytes" in resource else resource["fileBytes"]
    return size


def _creators(descriptor: Json) -> list[Json]:
    return [one for one in descriptor["contributors"] if "creator" in one["roles"]]


def _bare_doi(address: str) -> str:
    prefix = "https://doi.org/"
    return address.removeprefix(prefix) if address.startswith(prefix) else ""
